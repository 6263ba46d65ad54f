import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { useProblem } from '@/api/problem'
import { useLanguage } from '@/i18n'
import { last4 } from '@/lib/phone'
import { cityOf } from '@/lib/zones'
import { Radios } from '@/ui/choices'
import { FormDialog } from '@/ui/dialog'
import { notify } from '@/ui/toast'
import { NUMBERS, type PoolNumber } from './queries'

const HOUR_MS = 3_600_000
const RESTS = ['24', '48', '168', '720'] as const
type Rest = (typeof RESTS)[number]

/** Rests a line until a moment: those who have it keep it, nobody new gets it. */
export function RestDialog({ number, onClose }: { number: PoolNumber; onClose: () => void }) {
  const t = useTranslations('numbers.rest')
  const n = useTranslations('numbers')
  const format = useFormatter()
  const client = useQueryClient()
  const { words } = useProblem()
  const { locale, timeZone } = useLanguage()
  const [rest, setRest] = useState<Rest>('48')
  const [opened] = useState(() => Date.now())
  const until = new Date(opened + Number(rest) * HOUR_MS)
  const shown = format.dateTime(until, { dateStyle: 'full', timeStyle: 'short', hourCycle: 'h23' })
  const save = useAction(
    (to: string) =>
      data(api.PATCH('/api/numbers/{id}', { params: { path: { id: number.id } }, body: { quarantined_until: to } })),
    {
      onDone: () => {
        void client.invalidateQueries({ queryKey: NUMBERS })
        notify({ tone: 'good', title: t('done', { date: shown }) })
        onClose()
      },
    },
  )
  const name = (hours: number) => (hours <= 48 ? t('hours', { n: hours }) : t('days', { n: hours / 24 }))
  return (
    <FormDialog
      title={t('title', { number: last4(number.phone_number) })}
      submit={n('quarantine')}
      onSubmit={() => save.run(until.toISOString())}
      onClose={onClose}
      isPending={save.isPending}
      error={save.error ? words(save.error) : undefined}
      width="sm"
    >
      <p className="text-base text-ink-2 text-pretty">{t('lead', { n: number.active_conversations })}</p>
      <Radios<Rest>
        label={t('for')}
        value={rest}
        onChange={setRest}
        options={RESTS.map((id) => ({ id, name: name(Number(id)) }))}
      />
      <p className="text-sm text-ink-2" aria-live="polite">
        {t('until', { date: shown, zone: cityOf(timeZone, locale) })}
      </p>
    </FormDialog>
  )
}
