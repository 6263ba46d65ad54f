import { useFormatter, useTranslations } from 'use-intl'
import { Badge, type Tone } from '@/ui/kit'
import type { Import } from './import-queries'

const COUNTS = ['created', 'updated', 'skipped', 'rejected'] as const

/** The four numbers that add up to the rows done: what each row of the file became. */
export function ImportCounts({ shown }: { shown: Import }) {
  const t = useTranslations('contacts.import')
  const format = useFormatter()
  return (
    <dl className="grid grid-cols-4 divide-x divide-line rounded-card border border-line bg-surface max-sm:grid-cols-2">
      {COUNTS.map((name) => (
        <div key={name} className="px-4 py-3">
          <dt className="text-sm text-ink-2">{t(name)}</dt>
          <dd className="text-xl font-semibold tracking-tight tnum">{format.number(shown[name])}</dd>
        </div>
      ))}
    </dl>
  )
}

const TONES: Record<Import['state'], Tone> = {
  waiting: 'neutral',
  running: 'info',
  finished: 'good',
  cancelled: 'watch',
  failed: 'bad',
}

export function ImportState({ state }: { state: Import['state'] }) {
  const t = useTranslations('contacts.import.state')
  return (
    <Badge tone={TONES[state]} shape>
      {t(state)}
    </Badge>
  )
}
