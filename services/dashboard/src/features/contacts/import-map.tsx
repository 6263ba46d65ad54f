import { useQueryClient } from '@tanstack/react-query'
import { FileText } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data, once } from '@/api/client'
import { useProblem } from '@/api/problem'
import { Radios } from '@/ui/choices'
import { Button, Note } from '@/ui/kit'
import { Select } from '@/ui/select'
import { guessMapping, lacksHeader, type Mapping, type Meaning, namedColumns } from './import-columns'
import type { Peek } from './import-peek'
import { MapPreview } from './import-preview'
import { IMPORTS, type Import, importQuery } from './import-queries'

const MEANINGS: readonly Meaning[] = ['phone', 'name', 'language']
const NONE = ''
const LONGEST_FILE_NAME = 200
const DELIMITERS: Record<string, 'comma' | 'semicolon' | 'tab'> = { ',': 'comma', ';': 'semicolon', '\t': 'tab' }
type Policy = 'update' | 'skip'

/** Step 2: what each column is, what to do with contacts we have, and the upload. */
export function MapStep({
  file,
  peek,
  onBack,
  onStarted,
}: {
  file: File
  peek: Peek
  onBack: () => void
  onStarted: (started: Import) => void
}) {
  const t = useTranslations('contacts.import')
  const { words } = useProblem()
  const client = useQueryClient()
  const heading = useId()
  const [mapping, setMapping] = useState<Mapping>(() => guessMapping(peek.headers, peek.rows))
  const [policy, setPolicy] = useState<Policy>('update')
  const [wasSent, setSent] = useState(false)
  const upload = useAction(
    (to: Mapping & { phone: string }, key) =>
      data(
        api.POST('/api/contacts/imports', {
          params: {
            query: {
              file_name: file.name.slice(-LONGEST_FILE_NAME),
              phone_column: to.phone,
              ...(to.name !== null && { name_column: to.name }),
              ...(to.language !== null && { language_column: to.language }),
              on_duplicate: policy,
            },
          },
          body: file as unknown as string,
          bodySerializer: (bytes: unknown) => bytes as Blob,
          headers: { ...once(key), 'content-type': 'text/csv' },
        }),
      ),
    {
      onDone: (started) => {
        client.setQueryData(importQuery(started.id).queryKey, started)
        void client.invalidateQueries({ queryKey: [...IMPORTS, 'list'] })
        onStarted(started)
      },
    },
  )
  const used = MEANINGS.map((m) => mapping[m]).filter((c) => c !== null)
  const isTwice = new Set(used).size < used.length
  const errorOf = (meaning: Meaning) => {
    if (meaning === 'phone' && mapping.phone === null && wasSent) return t('map.phoneNeeded')
    return isTwice && used.filter((c) => c === mapping[meaning]).length > 1 ? t('map.twice') : undefined
  }
  const submit = () => {
    setSent(true)
    const { phone } = mapping
    if (phone !== null && !isTwice) upload.run({ ...mapping, phone })
  }
  const rows = t(peek.exact ? 'rows' : 'aboutRows', { n: peek.count })
  const columns = namedColumns(peek.headers).map((name) => ({ id: name, name }))
  return (
    <section aria-labelledby={heading} className="flex flex-col gap-5">
      <FileFacts file={file} peek={peek} rows={rows} onBack={onBack} />
      {lacksHeader(peek.headers) && (
        <Note tone="watch" role="alert">
          {t('map.noHeader')}
        </Note>
      )}
      <div className="flex flex-col gap-3">
        <div>
          <h2 id={heading} className="text-lg font-semibold tracking-tight">
            {t('map.title')}
          </h2>
          <p className="text-sm text-ink-2">{t('map.guessed')}</p>
        </div>
        <div className="grid gap-4 sm:grid-cols-3">
          {MEANINGS.map((meaning) => (
            <Select
              key={meaning}
              label={t(`map.${meaning}`)}
              value={mapping[meaning] ?? NONE}
              onChange={(column) => setMapping({ ...mapping, [meaning]: column === NONE ? null : column })}
              options={[{ id: NONE, name: t('map.none') }, ...columns]}
              error={errorOf(meaning)}
            />
          ))}
        </div>
      </div>
      <MapPreview peek={peek} mapping={mapping} />
      <Radios<Policy>
        label={t('map.policy')}
        value={policy}
        onChange={setPolicy}
        options={(['update', 'skip'] as const).map((id) => ({ id, name: t(`map.${id}`) }))}
      />
      {upload.error && (
        <Note tone="bad" role="alert">
          {words(upload.error)}
        </Note>
      )}
      <div className="flex gap-2">
        <Button variant="primary" onPress={submit} isPending={upload.isPending}>
          {upload.isPending ? t('map.uploading') : t('map.submit', { rows })}
        </Button>
      </div>
    </section>
  )
}

function FileFacts({ file, peek, rows, onBack }: { file: File; peek: Peek; rows: string; onBack: () => void }) {
  const t = useTranslations('contacts.import')
  const encoding = { 'utf-8': 'UTF-8', 'windows-1252': 'Windows-1252' }[peek.encoding]
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-card border border-line bg-surface px-4 py-3">
      <FileText aria-hidden="true" className="size-5 shrink-0 text-ink-3" strokeWidth={1.5} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-base font-medium">{file.name}</p>
        <p className="text-sm text-ink-2 tnum">
          {t('facts', { rows, encoding, delimiter: t(`delimiter.${DELIMITERS[peek.delimiter] ?? 'comma'}`) })}
        </p>
      </div>
      <Button onPress={onBack}>{t('otherFile')}</Button>
    </div>
  )
}
