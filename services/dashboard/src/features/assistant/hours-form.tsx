import { zodResolver } from '@hookform/resolvers/zod'
import { Controller, useForm, useWatch } from 'react-hook-form'
import { useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { useRefusals } from '@/api/refusals'
import { useMay } from '@/app/session'
import { useLanguage } from '@/i18n'
import { cityOf } from '@/lib/zones'
import { CheckboxGroup } from '@/ui/checkbox-group'
import { TextInput } from '@/ui/form-fields'
import { SectionForm } from '@/ui/section-form'
import { bitsOf, clockOf, DAYS, type Day, daysOf, minutesOf, spanOf } from './hours'
import { useProfileSave } from './profile-save'
import type { Profile } from './queries'

const FIELDS = ['open_days', 'open_from_minute', 'open_to_minute'] as const
/** The two times as they are typed. */
interface Values {
  open_days: number
  open_from_minute: string
  open_to_minute: string
}

const valuesOf = (profile: Profile): Values => ({
  open_days: profile.open_days,
  open_from_minute: clockOf(profile.open_from_minute),
  open_to_minute: clockOf(profile.open_to_minute),
})

/** On which days and between which times of the account's zone the business is open. */
export function HoursForm({ profile }: { profile: Profile }) {
  const t = useTranslations('assistant.hours')
  const may = useMay()
  const { locale, timeZone } = useLanguage()
  const isTime = z.string().check(z.refine((typed) => minutesOf(typed) !== null, t('bad')))
  const schema = z.object({
    open_days: z.number(),
    open_from_minute: isTime.check(z.refine((typed) => minutesOf(typed) !== 1440, t('fromEnd'))),
    open_to_minute: isTime,
  })
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    values: valuesOf(profile),
    resetOptions: { keepDirtyValues: true },
  })
  const save = useProfileSave(profile, () => form.reset(form.getValues()))
  const refused = useRefusals(form, save.error, FIELDS)
  const submit = form.handleSubmit((typed) => {
    const [from, to] = [minutesOf(typed.open_from_minute), minutesOf(typed.open_to_minute)]
    if (from === null || to === null) return
    save.run({ open_days: typed.open_days, open_from_minute: from, open_to_minute: to })
  })
  const { control } = form
  return (
    <SectionForm
      title={t('title')}
      description={t('hint', { zone: cityOf(timeZone, locale) })}
      onSubmit={() => void submit()}
      onDiscard={() => form.reset(valuesOf(profile))}
      isDirty={form.formState.isDirty}
      isPending={save.isPending}
      savedAt={save.savedAt}
      error={refused}
      isReadOnly={!may('assistant:write')}
    >
      <Controller
        control={control}
        name="open_days"
        render={({ field }) => (
          <CheckboxGroup<string>
            label={t('days')}
            value={daysOf(field.value).map(String)}
            onChange={(days) => field.onChange(bitsOf(days.map((d) => Number(d) as Day)))}
            isReadOnly={!may('assistant:write')}
            options={DAYS.map((day) => ({ id: String(day), name: t(`day.${day}`) }))}
            className="flex flex-wrap gap-x-5 gap-y-1"
          />
        )}
      />
      <div className="flex flex-wrap gap-4">
        <TextInput control={control} name="open_from_minute" label={t('from')} className="w-44" inputMode="numeric" />
        <TextInput
          control={control}
          name="open_to_minute"
          label={t('to')}
          hint={t('format')}
          className="w-44"
          inputMode="numeric"
        />
      </div>
      <Summary values={useWatch({ control }) as Values} />
    </SectionForm>
  )
}

/** The hours in a sentence, so that a slip is seen before it is saved. */
function Summary({ values }: { values: Values }) {
  const t = useTranslations('assistant.hours')
  const { locale } = useLanguage()
  const [from, to] = [minutesOf(values.open_from_minute), minutesOf(values.open_to_minute)]
  if (from === null || to === null) return null
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  const days = list.format(daysOf(values.open_days).map((day) => t(`day.${day}`)))
  const args = { days: days.charAt(0).toLocaleUpperCase(locale) + days.slice(1), from: clockOf(from), to: clockOf(to) }
  const words = {
    none: () => t('none'),
    always: () => t('always'),
    'same-day': () => t('sameDay', args),
    'past-midnight': () => t('pastMidnight', args),
  }
  return (
    <p role="status" className="text-sm text-ink-2">
      {words[spanOf(values.open_days, from, to)]()}
    </p>
  )
}
