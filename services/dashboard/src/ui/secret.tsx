import { useId } from 'react'
import { CopyButton } from './copy'
import { Mono } from './kit'

/** Something that is shown once, to be copied: a link, a token, a key. */
export function Secret({ label, value, copy }: { label: string; value: string; copy: string }) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <p id={id} className="text-sm font-medium">
        {label}
      </p>
      <div className="flex flex-wrap items-center gap-2 rounded-control border border-line bg-sunken px-3 py-2">
        <output aria-labelledby={id} className="min-w-0 flex-1 basis-48 break-all select-all">
          <Mono className="text-sm">{value}</Mono>
        </output>
        <CopyButton value={value} label={copy} />
      </div>
    </div>
  )
}
