import { Upload } from 'lucide-react'
import type { ReactNode } from 'react'
import { DropZone } from 'react-aria-components/DropZone'
import { FileTrigger } from 'react-aria-components/FileTrigger'
import { useTranslations } from 'use-intl'
import { Button } from './kit'

/** A place to drop one file, or to choose it with a button. */
export function FileDrop({
  label,
  hint,
  accept,
  onFile,
}: {
  label: string
  hint?: ReactNode
  /** File types: ".csv", "text/csv". */
  accept: string[]
  onFile: (file: File) => void
}) {
  const t = useTranslations('ui')
  return (
    <DropZone
      aria-label={label}
      onDrop={async (event) => {
        const item = event.items.find((found) => found.kind === 'file')
        if (item?.kind === 'file') onFile(await item.getFile())
      }}
      className="grid place-items-center gap-2 rounded-card border-2 border-dashed border-line-strong/60 bg-surface p-10 text-center drop-target:border-agave drop-target:bg-agave-soft"
    >
      <Upload aria-hidden="true" className="size-6 text-ink-3" strokeWidth={1.5} />
      <p className="text-base font-medium">{label}</p>
      {hint && <p className="max-w-prose text-sm text-ink-2 text-pretty">{hint}</p>}
      <FileTrigger
        acceptedFileTypes={accept}
        onSelect={(files) => {
          const file = files?.[0]
          if (file) onFile(file)
        }}
      >
        <Button variant="primary">{t('chooseFile')}</Button>
      </FileTrigger>
    </DropZone>
  )
}
