import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { FileDrop } from '@/ui/file-drop'
import { Note } from '@/ui/kit'
import { type Peek, PeekError, type PeekFault, peek } from './import-peek'

/** Step 1: a file is dropped or chosen, and its beginning read. */
export function FileStep({ onChosen }: { onChosen: (file: File, peek: Peek) => void }) {
  const t = useTranslations('contacts.import')
  const [fault, setFault] = useState<PeekFault | 'unreadable' | null>(null)
  const [isReading, setReading] = useState(false)
  const read = async (file: File) => {
    setFault(null)
    setReading(true)
    try {
      onChosen(file, await peek(file))
    } catch (error) {
      setFault(error instanceof PeekError ? error.fault : 'unreadable')
    } finally {
      setReading(false)
    }
  }
  return (
    <div className="flex flex-col gap-3">
      <FileDrop
        label={t('drop')}
        hint={isReading ? t('reading') : t('dropHint')}
        accept={['.csv', '.tsv', '.txt', 'text/csv', 'text/tab-separated-values']}
        onFile={(file) => void read(file)}
      />
      {fault && (
        <Note tone="bad" role="alert">
          {t(`fault.${fault}`)}
        </Note>
      )}
    </div>
  )
}
