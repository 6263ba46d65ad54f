import { Sparkle } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useSession } from '@/app/session'
import { useLanguage } from '@/i18n'
import { CLOCK, WEEKDAY } from '@/i18n/formats'
import { addDays, dayOf } from '@/lib/time'
import { Button, cx } from '@/ui/kit'
import { NumberTag } from '@/ui/number-tag'
import { Delivery } from './delivery'
import { nameOf } from './names'
import type { Conversation, Message } from './queries'

const WhyDialog = lazy(async () => ({ default: (await import('./why-dialog')).WhyDialog }))

const GROUNDS: Record<Message['author'], string> = {
  contact: 'rounded-bl-[4px] border border-line bg-surface',
  assistant: 'rounded-br-[4px] bg-jacaranda-soft',
  person: 'rounded-br-[4px] bg-agave-soft',
  static_response: 'rounded-br-[4px] border border-line bg-sunken',
  campaign: 'rounded-br-[4px] border border-line bg-sunken',
  system: '',
}

/** One text of the thread: what it says, who or what wrote it, and how it fared. */
export function Bubble({ message, conversation }: { message: Message; conversation: Conversation | undefined }) {
  const t = useTranslations('inbox')
  const format = useFormatter()
  const isOurs = message.direction === 'outbound'
  const isStopped = message.status === 'canceled'
  const otherNumber = conversation && message.number !== conversation.from_twilio_number
  return (
    <article className={cx('flex flex-col gap-1 py-1.5', isOurs ? 'items-end' : 'items-start')}>
      <div
        className={cx(
          'max-w-[34rem] rounded-bubble px-3.5 py-2 text-base wrap-anywhere whitespace-pre-wrap text-pretty max-md:max-w-[85%]',
          GROUNDS[message.author],
          isStopped && 'line-through opacity-70',
        )}
      >
        {message.body}
        {message.num_media > 0 && (
          <span className="block pt-1 text-xs text-ink-2">{t('thread.media', { count: message.num_media })}</span>
        )}
      </div>
      <div className={cx('flex flex-wrap items-center gap-x-2 px-1 text-xs text-ink-2 tnum', isOurs && 'justify-end')}>
        <Writer message={message} conversation={conversation} />
        <time dateTime={message.created_at}>{format.dateTime(new Date(message.created_at), CLOCK)}</time>
        {otherNumber && <NumberTag number={message.number} />}
        {isOurs && <Delivery message={message} />}
      </div>
    </article>
  )
}

function Writer({ message, conversation }: { message: Message; conversation: Conversation | undefined }) {
  const t = useTranslations('inbox')
  const me = useSession().user.id
  const [asked, ask] = useState(false)
  if (message.author === 'contact') return <span>{conversation ? nameOf(conversation) : t('author.contact')}</span>
  if (message.author === 'person') {
    const { author_user } = message
    return <span>{author_user?.id === me ? t('you') : (author_user?.name ?? t('author.person'))}</span>
  }
  const name = t(`author.${message.author}`)
  if (message.author !== 'assistant' && message.author !== 'static_response') return <span>{name}</span>
  return (
    <>
      <Button
        variant="plain"
        size="sm"
        aria-label={`${name}: ${t('why.button')}`}
        onPress={() => ask(true)}
        className="h-6! gap-1! px-1! font-normal!"
      >
        {message.author === 'assistant' && <Sparkle aria-hidden="true" className="size-3 text-jacaranda" />}
        <span className={cx(message.author === 'assistant' && 'text-jacaranda')}>{name}</span>
      </Button>
      <Suspense>{asked && <WhyDialog message={message} onClose={() => ask(false)} />}</Suspense>
    </>
  )
}

/** A line of what the house did: nobody said it. */
export function SystemLine({ message }: { message: Message }) {
  const format = useFormatter()
  return (
    <p className="px-8 py-2 text-center text-xs text-ink-2 text-pretty">
      {message.body}{' '}
      <time dateTime={message.created_at} className="tnum">
        {format.dateTime(new Date(message.created_at), CLOCK)}
      </time>
    </p>
  )
}

/** The day of what follows, in the account's zone. */
export function DayLine({ at, isScheduled }: { at: string; isScheduled?: boolean }) {
  const t = useTranslations('inbox')
  const format = useFormatter()
  const { timeZone } = useLanguage()
  const day = dayOf(new Date(at), timeZone)
  const today = dayOf(new Date(), timeZone)
  const year = day.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: 'numeric' } as const)
  const words = isScheduled
    ? t('scheduled.title')
    : day === today
      ? t('thread.today')
      : day === addDays(today, -1)
        ? t('thread.yesterday')
        : format.dateTime(new Date(at), { ...WEEKDAY, ...year })
  return (
    <p className="flex items-center gap-3 py-3 text-xs text-ink-2">
      <span aria-hidden="true" className="h-px flex-1 bg-line" />
      <span className="first-letter:uppercase">{words}</span>
      <span aria-hidden="true" className="h-px flex-1 bg-line" />
    </p>
  )
}
