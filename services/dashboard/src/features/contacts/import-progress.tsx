import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data, once } from '@/api/client'
import { useProblem } from '@/api/problem'
import { ConfirmDialog } from '@/ui/dialog'
import { ErrorState, Skeleton } from '@/ui/empty'
import { Button, DownloadButton, LinkButton, Note } from '@/ui/kit'
import { ProgressBar } from '@/ui/progress'
import { CONTACTS } from './contact-queries'
import { ImportCounts, ImportState } from './import-counts'
import { type Import, importQuery, isUnderWay } from './import-queries'
import { rateOf, type Sight, secondsLeft, see } from './import-rate'

/** Steps 3 and 4: how far the import is, and what came of it. */
export function ImportProgress({ id, onAgain }: { id: string; onAgain: () => void }) {
  const t = useTranslations('contacts.import')
  const client = useQueryClient()
  const { data: shown, error, refetch } = useQuery(importQuery(id))
  const isDone = shown !== undefined && !isUnderWay(shown)
  useEffect(() => {
    if (isDone) void client.invalidateQueries({ queryKey: CONTACTS })
  }, [client, isDone])
  if (!shown) {
    if (error) return <ErrorState error={error} title={t('error')} onRetry={() => void refetch()} />
    return <Skeleton lines={5} />
  }
  return (
    <section aria-label={shown.file_name} className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h2 className="min-w-0 truncate text-lg font-semibold tracking-tight">{shown.file_name}</h2>
        <ImportState state={shown.state} />
      </div>
      {isDone ? <Result shown={shown} onAgain={onAgain} /> : <UnderWay shown={shown} />}
    </section>
  )
}

function UnderWay({ shown }: { shown: Import }) {
  const t = useTranslations('contacts.import')
  const { words } = useProblem()
  const client = useQueryClient()
  const [isAsking, setAsking] = useState(false)
  const cancel = useAction(
    (id: string, key) =>
      data(api.POST('/api/contacts/imports/{id}/cancel', { params: { path: { id } }, headers: once(key) })),
    { onDone: (now) => client.setQueryData(importQuery(now.id).queryKey, now) },
  )
  return (
    <>
      <Bar shown={shown} />
      <ImportCounts shown={shown} />
      <p className="text-sm text-ink-2">{t('canLeave')}</p>
      <div>
        <Button onPress={() => setAsking(true)}>{t('cancel')}</Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title={t('cancelTitle')}
          confirm={t('cancel')}
          onConfirm={() => cancel.run(shown.id)}
          onClose={() => setAsking(false)}
          isPending={cancel.isPending}
          error={cancel.error ? words(cancel.error) : undefined}
        >
          {t('cancelBody')}
        </ConfirmDialog>
      )}
    </>
  )
}

function Bar({ shown }: { shown: Import }) {
  const t = useTranslations('contacts.import')
  const format = useFormatter()
  const [sights, setSights] = useState<Sight[]>([])
  useEffect(() => {
    setSights((former) => see(former, { done: shown.rows_done, at: Date.now() }))
  }, [shown.rows_done])
  const { rows_done: done, rows_total: total } = shown
  const rate = rateOf(sights)
  const left = secondsLeft(rate, done, total)
  const time = left === null ? null : left < 90 ? t('seconds', { n: left }) : t('minutes', { n: Math.ceil(left / 60) })
  const parts = [
    t('progress', { done: format.number(done), total: format.number(total) }),
    ...(rate === null ? [] : [t('rate', { n: format.number(Math.round(rate)) })]),
    ...(time === null ? [] : [t('left', { time })]),
  ]
  return (
    <div className="flex flex-col gap-1">
      <ProgressBar label={t('progressLabel', { file: shown.file_name })} value={total > 0 ? (done / total) * 100 : 0} />
      <p className="text-sm text-ink-2 tnum">{parts.join(' · ')}</p>
    </div>
  )
}

const FAILURES = ['empty-file', 'not-text', 'no-such-column', 'too-many-rows'] as const

function Result({ shown, onAgain }: { shown: Import; onAgain: () => void }) {
  const t = useTranslations('contacts.import')
  const format = useFormatter()
  return (
    <>
      {shown.state === 'failed' && (
        <Note tone="bad" role="alert">
          {t(`failure.${FAILURES.find((code) => code === shown.failure) ?? 'other'}`)}
        </Note>
      )}
      <ImportCounts shown={shown} />
      {shown.finished_at && (
        <p className="text-sm text-ink-2" role="status">
          {t('finishedAt', {
            date: format.dateTime(new Date(shown.finished_at), {
              dateStyle: 'long',
              timeStyle: 'short',
              hourCycle: 'h23',
            }),
          })}
        </p>
      )}
      {shown.rejected > 0 && <p className="text-sm text-ink-2 text-pretty">{t('rejectedHint')}</p>}
      <div className="flex flex-wrap gap-2">
        {shown.rejected > 0 && (
          <DownloadButton href={`/api/contacts/imports/${encodeURIComponent(shown.id)}/rejected`} download>
            <Download aria-hidden="true" className="size-4" />
            {t('rejectedCsv')}
          </DownloadButton>
        )}
        <Button onPress={onAgain}>{t('again')}</Button>
        <LinkButton to="/contacts" variant="primary">
          {t('seeContacts')}
        </LinkButton>
      </div>
    </>
  )
}
