import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useLanguage } from '@/i18n'
import { addDays, dayOf, instantOf, isQuietHour } from '@/lib/time'
import { DateTimeField } from '@/ui/date-time'
import { FormDialog } from '@/ui/dialog'
import { Note } from '@/ui/kit'
import { zoneName } from './text-advice'

const FARTHEST_MS = 90 * 86_400_000

/** When a text leaves, on the account's clock, which is named. */
export function ScheduleDialog({
  body,
  onSchedule,
  onClose,
}: {
  body: string
  onSchedule: (at: Date) => void
  onClose: () => void
}) {
  const t = useTranslations('inbox.scheduleDialog')
  const { timeZone } = useLanguage()
  const [at, setAt] = useState(() => instantOf(addDays(dayOf(new Date(), timeZone), 1), '09:00', timeZone))
  const [checked, setChecked] = useState(false)
  const ahead = at.getTime() - Date.now()
  const problem = ahead <= 0 ? t('past') : ahead > FARTHEST_MS ? t('tooFar') : undefined
  return (
    <FormDialog
      title={t('title')}
      submit={t('submit')}
      onClose={onClose}
      onSubmit={() => {
        setChecked(true)
        if (!problem) onSchedule(at)
      }}
    >
      <p className="max-h-32 overflow-y-auto rounded-control bg-sunken px-3 py-2 text-sm whitespace-pre-wrap">{body}</p>
      <DateTimeField
        label={t('when')}
        value={at}
        onChange={setAt}
        timeZone={timeZone}
        hint={t('zone', { zone: zoneName(timeZone) })}
        error={checked ? problem : undefined}
      />
      {isQuietHour(at, timeZone) && <Note tone="watch">{t('quiet')}</Note>}
    </FormDialog>
  )
}
