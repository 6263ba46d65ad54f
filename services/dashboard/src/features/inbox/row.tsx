import { Link } from '@tanstack/react-router'
import { Ban, Reply, Sparkle, UserRound } from 'lucide-react'
import { memo } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useLanguage } from '@/i18n'
import { CLOCK, DAY, SHORT_DAY } from '@/i18n/formats'
import { dayOf } from '@/lib/time'
import { cx } from '@/ui/kit'
import { NumberTag } from '@/ui/number-tag'
import { nameOf } from './names'
import type { Conversation } from './queries'

const NOT_DELIVERED = new Set(['failed', 'undelivered'])

/** One conversation of the list. */
export const Row = memo(function Row({
  conversation,
  isCurrent,
  isTabStop,
}: {
  conversation: Conversation
  isCurrent: boolean
  isTabStop: boolean
}) {
  const { unread } = conversation
  return (
    <Link
      to="/inbox/$id"
      params={{ id: conversation.id }}
      search={(search) => search}
      preload={false}
      tabIndex={isTabStop ? 0 : -1}
      aria-current={isCurrent ? 'page' : undefined}
      className={cx(
        'flex h-full flex-col justify-center gap-0.5 border-b border-line/70 px-3 -outline-offset-2!',
        isCurrent ? 'bg-agave-soft' : 'hover:bg-sunken',
      )}
    >
      <span className="flex items-baseline gap-2">
        <span className={cx('min-w-0 flex-1 truncate text-base', unread > 0 ? 'font-semibold' : 'font-medium')}>
          {nameOf(conversation)}
        </span>
        <When at={conversation.last_message_at} />
      </span>
      <span className="flex items-center gap-2">
        <Preview conversation={conversation} />
        <Marks conversation={conversation} />
      </span>
    </Link>
  )
})

/** The hour of today's, the day of an earlier one, in the account's zone. */
function When({ at }: { at: string }) {
  const format = useFormatter()
  const { timeZone } = useLanguage()
  const date = new Date(at)
  const now = new Date()
  const isToday = dayOf(date, timeZone) === dayOf(now, timeZone)
  const isThisYear = dayOf(date, timeZone).slice(0, 4) === dayOf(now, timeZone).slice(0, 4)
  const shape = isToday ? CLOCK : isThisYear ? SHORT_DAY : DAY
  return (
    <time dateTime={at} className="shrink-0 text-xs text-ink-2 tnum">
      {format.dateTime(date, shape)}
    </time>
  )
}

function Preview({ conversation: { last_message, unread } }: { conversation: Conversation }) {
  const t = useTranslations('inbox')
  const failed = last_message && NOT_DELIVERED.has(last_message.status)
  const byAssistant = last_message?.author === 'assistant'
  return (
    <span className={cx('flex min-w-0 flex-1 items-center gap-1 text-sm', unread > 0 ? 'text-ink' : 'text-ink-2')}>
      {failed && (
        <span className="shrink-0 text-grana">
          <span aria-hidden="true" className="pr-1 text-[0.5rem]">
            ■
          </span>
          {t('list.failed')}
        </span>
      )}
      {!failed && last_message?.direction === 'outbound' && !byAssistant && (
        <Reply aria-label={t('list.sent')} className="size-3 shrink-0 text-ink-3" />
      )}
      {!failed && byAssistant && (
        <Sparkle aria-label={t('author.assistant')} className="size-3 shrink-0 text-jacaranda" />
      )}
      <span className="truncate">{last_message?.body}</span>
    </span>
  )
}

function Marks({ conversation }: { conversation: Conversation }) {
  const t = useTranslations('inbox')
  const { unread } = conversation
  // Somebody who took the conversation knows that it waits; one that the assistant handed over may wait for nobody.
  const waits = conversation.assistant === 'handed_over' && conversation.handed_over_why !== 'person'
  return (
    <>
      {conversation.opted_out_at && (
        <Ban aria-label={t('list.optedOut')} className="size-3.5 shrink-0 text-grana" strokeWidth={2} />
      )}
      {waits && !conversation.user && (
        <UserRound aria-label={t('list.handed')} className="size-3.5 shrink-0 text-cempa-ink" strokeWidth={2.25} />
      )}
      <NumberTag number={conversation.from_twilio_number} label={conversation.number_label} />
      {unread > 0 && (
        <span className="grid h-4 min-w-4 shrink-0 place-items-center rounded-full bg-agave px-1 text-2xs font-semibold text-on-fill tnum">
          <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
          <span className="sr-only">{t('list.unread', { count: unread })}</span>
        </span>
      )}
    </>
  )
}

/** A row that is on its way, in the shape of the others. */
export function RowSkeleton() {
  return (
    <div aria-hidden="true" className="flex h-full flex-col justify-center gap-2.5 border-b border-line/70 px-3">
      <span className="skeleton block h-3 w-2/5" />
      <span className="skeleton block h-3 w-4/5" />
    </div>
  )
}
