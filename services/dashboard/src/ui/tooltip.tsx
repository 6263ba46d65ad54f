import type { ReactElement, ReactNode } from 'react'
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip'

/** Words that a button shows while it has the pointer or the focus. */
export function WithTooltip({ words, children }: { words: ReactNode; children: ReactElement }) {
  return (
    <TooltipTrigger delay={400}>
      {children}
      <Tooltip offset={6} className="max-w-64 rounded-control bg-ink px-2 py-1 text-xs text-paper shadow-pop">
        {words}
      </Tooltip>
    </TooltipTrigger>
  )
}
