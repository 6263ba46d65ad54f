import { useQuery } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'use-intl'
import { useMay } from '@/app/session'
import { DAY } from '@/i18n/formats'
import { Button } from '@/ui/kit'
import { useConversationActions } from './actions'
import { sourceKey } from './consent'
import type { Opened } from './conversation-pane'
import { useCodeWords } from './names'
import { type Conversation, optOutsQuery } from './queries'

export type Silence = 'opted-out' | 'blocked' | 'unreachable' | 'read-only'

/** Why nobody may write in a conversation, if so. */
export function silenceOf(conversation: Conversation, canSend: boolean): Silence | null {
  if (conversation.opted_out_at) return 'opted-out'
  if (conversation.conversation_status === 'blocked') return 'blocked'
  if (conversation.contact.unreachable_code !== null) return 'unreachable'
  return canSend ? null : 'read-only'
}

/** What stands in the place of the field: the reason, the date, and what can be done. */
export function NoComposer({
  conversation,
  silence,
  onOpen,
}: {
  conversation: Conversation
  silence: Silence
  onOpen: (opened: Opened) => void
}) {
  const t = useTranslations('inbox.composer')
  const words = useCodeWords()
  const canWrite = useMay()('conversations:write')
  const { setStatus } = useConversationActions(conversation.id)
  const code = conversation.contact.unreachable_code
  return (
    <div className="shrink-0 px-5 pt-1 pb-4 max-md:px-3">
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-card border border-line bg-sunken px-4 py-3">
        {silence === 'opted-out' && (
          <>
            <Reason title={t('optedOut')}>
              <OptedOutSince conversation={conversation} />
            </Reason>
            {canWrite && <Button onPress={() => onOpen('opt-in')}>{t('optIn')}</Button>}
          </>
        )}
        {silence === 'blocked' && (
          <>
            <Reason title={t('blocked')}>{t('blockedHint')}</Reason>
            {canWrite && <Button onPress={() => setStatus('active')}>{t('unblock')}</Button>}
          </>
        )}
        {silence === 'unreachable' && code !== null && (
          <Reason title={t('unreachable')}>
            {words.twilio(code).what}. {words.twilio(code).remedy}
          </Reason>
        )}
        {silence === 'read-only' && <p className="text-sm text-ink-2">{t('readOnly')}</p>}
      </div>
    </div>
  )
}

function Reason({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0 flex-1 basis-64 text-sm">
      <p className="font-medium">{title}</p>
      <div className="text-ink-2 text-pretty">{children}</div>
    </div>
  )
}

function OptedOutSince({ conversation }: { conversation: Conversation }) {
  const t = useTranslations('inbox')
  const format = useFormatter()
  const optOuts = useQuery(optOutsQuery(conversation.id))
  const latest = optOuts.data?.items.find(({ revoked_at }) => revoked_at === null)
  const date = format.dateTime(new Date(conversation.opted_out_at ?? 0), DAY)
  return (
    <>
      <p>{t('composer.optedOutSince', { date, source: t(`details.source.${sourceKey(latest?.source)}`) })}</p>
      {latest && <p>{t('composer.evidence', { evidence: latest.evidence })}</p>}
    </>
  )
}
