import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useLanguage } from '@/i18n'
import { CLOCK } from '@/i18n/formats'
import { changedWords, LONGEST, segmentsOf, withoutAccents } from '@/lib/sms'
import { addDays, dayOf, instantOf, isQuietHour, wallClock } from '@/lib/time'
import { Button, cx } from '@/ui/kit'

/** What the text costs, counted as it is typed. */
export function SegmentCount({ text }: { text: string }) {
  const t = useTranslations('inbox.composer')
  const { count, room, encoding } = segmentsOf(text)
  const over = [...text].length - LONGEST
  return (
    <p className="min-w-0 flex-1 px-1.5 text-xs text-ink-2 tnum">
      {over > 0 ? (
        <span className="text-grana">{t('tooLong', { count: over, limit: LONGEST })}</span>
      ) : (
        text && (
          <>
            <span className={cx(encoding === 'ucs2' && 'text-cempa-ink')}>{t('segments', { count })}</span>
            {' · '}
            {t('room', { count: String(room) })}
          </>
        )
      )}
    </p>
  )
}

/** What makes a text dearer than it needs to be, and a way back from the cure. */
export function TextAdvice({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const t = useTranslations('inbox.composer')
  const [before, setBefore] = useState<{ original: string; plain: string } | null>(null)
  const plain = withoutAccents(text)
  const now = segmentsOf(text.trim())
  const then = segmentsOf(plain.trim())
  const isUndoable = before !== null && before.plain === text
  if (isUndoable) {
    const words = changedWords(before.original)
    return (
      <Advice tone="info">
        {words.length > 0 && t('meaning', { words: words.join(', ') })}
        <Button size="sm" variant="plain" className="h-6! underline" onPress={() => onChange(before.original)}>
          {t('restoreAccents')}
        </Button>
      </Advice>
    )
  }
  // A text of one segment costs the same with its accents.
  if (now.encoding === 'gsm7' || now.count === 1) return null
  const isCheaper = then.count < now.count
  const isCurable = plain !== text && (isCheaper || then.encoding === 'gsm7')
  const words = changedWords(text)
  return (
    <Advice tone="watch">
      {isCheaper ? t('accents', { now: now.count, plain: then.count }) : t('unicode')}
      {isCurable && words.length > 0 && ` ${t('meaning', { words: words.join(', ') })}`}
      {isCurable && (
        <Button
          size="sm"
          className="h-6!"
          onPress={() => {
            setBefore({ original: text, plain })
            onChange(plain)
          }}
        >
          {t('dropAccents')}
        </Button>
      )}
    </Advice>
  )
}

const OPENS = '09:00'

/** A warning in the hours in which a text wakes people up, and a way to let it wait for the morning. */
export function QuietHours({ text, onSchedule }: { text: string; onSchedule: (at: Date) => void }) {
  const t = useTranslations('inbox.composer')
  const format = useFormatter()
  const { timeZone } = useLanguage()
  const now = new Date()
  if (!text || !isQuietHour(now, timeZone)) return null
  const today = dayOf(now, timeZone)
  const morning = wallClock(now, timeZone).hour < 12 ? today : addDays(today, 1)
  return (
    <Advice tone="watch">
      {t('quiet', { time: format.dateTime(now, CLOCK), zone: zoneName(timeZone) })}
      <Button size="sm" className="h-6!" onPress={() => onSchedule(instantOf(morning, OPENS, timeZone))}>
        {t('quietAction')}
      </Button>
    </Advice>
  )
}

/** "America/Mexico_City" as people read it. */
export const zoneName = (timeZone: string) => (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ')

function Advice({ tone, children }: { tone: 'watch' | 'info'; children: React.ReactNode }) {
  return (
    <div
      className={cx(
        'mx-2 mb-2 flex flex-wrap items-center justify-between gap-x-3 gap-y-1 rounded-control px-2.5 py-1.5 text-xs text-pretty',
        tone === 'watch' ? 'bg-cempa-soft text-cempa-ink' : 'bg-sunken text-ink-2',
      )}
    >
      {children}
    </div>
  )
}
