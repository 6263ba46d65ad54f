import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Dialog, DialogBody } from '@/ui/dialog'
import { ErrorState, Skeleton } from '@/ui/empty'
import { Mono } from '@/ui/kit'
import { type Message, runsQuery } from './queries'

/** Why the house answered so: the run that wrote the message. */
export function WhyDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const t = useTranslations('inbox.why')
  const runs = useQuery(runsQuery(message.conversation_id))
  const run = runs.data?.items.find(({ message_id }) => message_id === message.id || message_id === message.in_reply_to)
  return (
    <Dialog title={t('title')} onClose={onClose} width="sm">
      <DialogBody className="pb-5 text-sm">
        <p className="rounded-control bg-sunken px-3 py-2 text-pretty">{message.body}</p>
        {runs.isPending && <Skeleton lines={3} />}
        {runs.isError && <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />}
        {runs.data && !run && <p className="text-ink-2">{t('missing')}</p>}
        {run && (
          <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
            {run.rule && (
              <>
                <dt className="text-ink-2">{t('rule')}</dt>
                <dd>{run.rule.name}</dd>
              </>
            )}
            {run.model && (
              <>
                <dt className="text-ink-2">{t('model')}</dt>
                <dd>
                  <Mono className="text-xs">{run.model}</Mono>
                  <span className="block text-xs text-ink-2 tnum">
                    {t('tokens', { input: run.input_tokens, output: run.output_tokens })} ·{' '}
                    {t('time', { ms: run.model_ms })}
                  </span>
                </dd>
              </>
            )}
            {run.note && (
              <>
                <dt className="text-ink-2">{t('note')}</dt>
                <dd className="text-pretty">{run.note}</dd>
              </>
            )}
          </dl>
        )}
      </DialogBody>
    </Dialog>
  )
}
