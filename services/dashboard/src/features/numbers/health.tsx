import { useFormatter, useTranslations } from 'use-intl'
import { Badge, type Tone } from '@/ui/kit'
import type { PoolNumber } from './queries'

const TONES: Record<PoolNumber['health'], Tone> = {
  ok: 'good',
  off: 'neutral',
  quarantined: 'watch',
  paused: 'bad',
  over_budget: 'watch',
}

/** How a line is: a shape, a word, and until when or why. */
export function Health({ number }: { number: PoolNumber }) {
  const t = useTranslations('numbers')
  const format = useFormatter()
  const until = number.health === 'quarantined' ? number.quarantined_until : number.paused_until
  const parts = [
    ...(number.health === 'paused' && number.paused_code !== null
      ? [t('pausedWhy', { code: String(number.paused_code) })]
      : []),
    ...((number.health === 'quarantined' || number.health === 'paused') && until
      ? [
          t('until', {
            date: format.dateTime(new Date(until), {
              day: 'numeric',
              month: 'short',
              hour: '2-digit',
              minute: '2-digit',
              hourCycle: 'h23',
            }),
          }),
        ]
      : []),
  ]
  return (
    <span className="flex flex-col items-start gap-0.5">
      <Badge tone={TONES[number.health]} shape>
        {number.health === 'off' && (
          <span aria-hidden="true" className="text-[0.5rem] leading-none">
            ○
          </span>
        )}
        {t(`health.${number.health}`)}
      </Badge>
      {parts.length > 0 && <span className="text-xs text-ink-2 tnum">{parts.join(', ')}</span>}
    </span>
  )
}
