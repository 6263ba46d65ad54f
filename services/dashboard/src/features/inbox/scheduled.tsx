import { Clock } from 'lucide-react'
import { useFormatter, useTranslations } from 'use-intl'
import { MOMENT } from '@/i18n/formats'
import { Undo } from './delivery'
import type { Message } from './queries'
import { useNow } from './use-now'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The two largest units of a span: "2 h 13 min", "45 s". */
function useSpan() {
  const t = useTranslations('inbox.scheduled')
  return (ms: number) => {
    const left = Math.max(0, ms)
    const units = [
      ['days', Math.floor(left / DAY)],
      ['hours', Math.floor(left / HOUR) % 24],
      ['minutes', Math.floor(left / MINUTE) % 60],
      ['seconds', Math.floor(left / SECOND) % 60],
    ] as const
    const first = units.findIndex(([, n]) => n > 0)
    const shown = first < 0 ? units.slice(-1) : units.slice(first, first + 2)
    return shown.map(([unit, n]) => t(unit, { n })).join(' ')
  }
}

/** A text that leaves later: when, in how long, and a way to take it back. */
export function ScheduledMessage({ message }: { message: Message }) {
  const t = useTranslations('inbox.scheduled')
  const format = useFormatter()
  const span = useSpan()
  const now = useNow(message, true)
  const at = new Date(message.send_after ?? message.created_at)
  return (
    <article className="flex flex-col items-end gap-1 py-1.5">
      <p className="max-w-[34rem] rounded-bubble rounded-br-[4px] border border-dashed border-agave px-3.5 py-2 text-base whitespace-pre-wrap text-pretty max-md:max-w-[85%]">
        {message.body}
      </p>
      <p className="flex flex-wrap items-center justify-end gap-x-2 px-1 text-xs text-ink-2 tnum">
        <Clock aria-hidden="true" className="size-3.5" />
        <time dateTime={at.toISOString()}>{t('at', { when: format.dateTime(at, MOMENT) })}</time>
        <span>{t('in', { left: span(at.getTime() - now) })}</span>
        <Undo message={message} />
      </p>
    </article>
  )
}
