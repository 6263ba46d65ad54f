import { useTranslations } from 'use-intl'
import { useProblem } from '@/api/problem'
import { useMay } from '@/app/session'
import { Button } from '@/ui/kit'
import { notify } from '@/ui/toast'
import { useCodeWords } from './names'
import type { Message } from './queries'
import { useUndo } from './send'
import { isLocal } from './thread-pages'

/** How a text of ours fared, in words; where it failed, why and what to do. */
export function Delivery({ message }: { message: Message }) {
  const t = useTranslations('inbox')
  const words = useCodeWords()
  const { status, error_code, ended_why } = message
  if (isLocal(message)) return <span>{t('delivery.pending')}</span>
  if (status === 'failed' || status === 'undelivered') {
    const code = error_code === null ? undefined : words.twilio(error_code)
    return (
      <span className="basis-full text-right">
        <strong className="font-medium text-grana">
          <span aria-hidden="true" className="pr-1 text-[0.5rem]">
            ■
          </span>
          {t(`delivery.${status}`)}
          {code && `: ${code.what}`}
        </strong>
        {code && (
          <>
            {'. '}
            {code.remedy} <span className="font-mono text-2xs">{t('code.number', { code: String(error_code) })}</span>
          </>
        )}
        {!code && ended_why && `: ${words.endedWhy(ended_why)}`}
      </span>
    )
  }
  if (status === 'canceled') {
    return (
      <span>
        {t('delivery.canceled')}
        {ended_why && `: ${words.endedWhy(ended_why)}`}
      </span>
    )
  }
  return (
    <>
      <span title={status === 'uncertain' ? t('delivery.uncertainWhy') : undefined}>{t(`delivery.${status}`)}</span>
      {status === 'queued' && <Undo message={message} />}
    </>
  )
}

/** Takes back a text that waits; a person's goes back to where it was written. */
export function Undo({ message }: { message: Message }) {
  const t = useTranslations('inbox')
  const { words } = useProblem()
  const canSend = useMay()('conversations:send')
  const undo = useUndo(
    message.conversation_id,
    ({ body }) => {
      if (message.author === 'person') {
        window.dispatchEvent(new CustomEvent(GIVE_BACK, { detail: { id: message.conversation_id, body } }))
      }
      notify({ tone: 'info', title: t('scheduled.undone'), detail: t('scheduled.undoneHint') })
    },
    (error) => notify({ tone: 'bad', title: t('did.failed'), detail: words(error) }),
  )
  if (!canSend) return null
  return (
    <Button
      variant="plain"
      size="sm"
      isPending={undo.isPending}
      onPress={() => undo.run(message.id)}
      className="h-6! underline"
    >
      {t('scheduled.undo')}
    </Button>
  )
}

/** Heard by the composer: a text that was taken back is there to be mended. */
export const GIVE_BACK = 'hilo:give-back'
export type GivenBack = { id: string; body: string }
