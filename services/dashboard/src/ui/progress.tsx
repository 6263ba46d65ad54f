import { ProgressBar as AriaProgressBar } from 'react-aria-components/ProgressBar'
import { Label } from 'react-aria-components/TextField'

/** How far something has come, of 100. */
export function ProgressBar({ label, value }: { label: string; value: number }) {
  return (
    <AriaProgressBar value={value} className="flex flex-col gap-1">
      {({ percentage, valueText }) => (
        <>
          <div className="flex justify-between text-xs text-ink-2 tnum">
            <Label>{label}</Label>
            <span>{valueText}</span>
          </div>
          <div className="h-1.5 overflow-hidden rounded-full bg-sunken">
            <div className="h-full rounded-full bg-agave" style={{ width: `${percentage ?? 0}%` }} />
          </div>
        </>
      )}
    </AriaProgressBar>
  )
}
