import { zodResolver } from '@hookform/resolvers/zod'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm, useWatch } from 'react-hook-form'
import { useFormatter, useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { useRefusals } from '@/api/refusals'
import { Guard } from '@/app/guard'
import { sessionQuery, useMay } from '@/app/session'
import { useLanguage } from '@/i18n'
import { leastRole } from '@/lib/permissions'
import { cityOf, zonesToOffer } from '@/lib/zones'
import { ErrorState, Skeleton } from '@/ui/empty'
import { SelectInput, TextInput } from '@/ui/form-fields'
import { Note } from '@/ui/kit'
import { SectionForm } from '@/ui/section-form'
import { type Account, accountQuery } from './queries'

const LONGEST_NAME = 200
const FIELDS = ['name', 'time_zone', 'language'] as const
interface Values {
  name: string
  time_zone: string
  language: 'es' | 'en'
}
const valuesOf = ({ name, time_zone, language }: Account): Values => ({
  name,
  time_zone,
  language: language === 'en' ? 'en' : 'es',
})

/** What holds for the whole team. */
export function AccountForm() {
  return (
    <Guard need="account:read">
      <Loaded />
    </Guard>
  )
}

function Loaded() {
  const t = useTranslations('settings.account')
  const { data: account, error, refetch } = useQuery(accountQuery)
  if (account) return <Form account={account} />
  if (error) return <ErrorState error={error} title={t('error')} onRetry={() => void refetch()} />
  return <Skeleton lines={6} />
}

function Form({ account }: { account: Account }) {
  const t = useTranslations('settings')
  const roles = useTranslations('app.roles')
  const format = useFormatter()
  const may = useMay()
  const client = useQueryClient()
  const { locale } = useLanguage()
  const [savedAt, setSavedAt] = useState<Date | null>(null)
  const schema = z.object({
    name: z.string().check(
      z.refine((s) => s.trim() !== '', t('field.required')),
      z.maxLength(LONGEST_NAME, t('field.tooLong', { n: LONGEST_NAME })),
    ),
    time_zone: z.string(),
    language: z.enum(['es', 'en']),
  })
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    values: valuesOf(account),
    resetOptions: { keepDirtyValues: true },
  })
  const save = useAction((body: Values) => data(api.PATCH('/api/account', { body })), {
    onDone: (saved) => {
      form.reset(valuesOf(saved))
      client.setQueryData(accountQuery.queryKey, saved)
      // The session carries the zone in which every date is shown.
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
      setSavedAt(new Date())
    },
  })
  const refused = useRefusals(form, save.error, FIELDS)
  const zone = useWatch({ control: form.control, name: 'time_zone' })
  const now = format.dateTime(new Date(), { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const canWrite = may('account:write')
  const names = { es: t('account.es'), en: t('account.en') }
  const { control } = form
  return (
    <SectionForm
      title={t('account.title')}
      description={t('account.lead')}
      onSubmit={() => void form.handleSubmit(save.run)()}
      onDiscard={() => form.reset(valuesOf(account))}
      isDirty={form.formState.isDirty}
      isPending={save.isPending}
      savedAt={savedAt}
      error={refused}
      isReadOnly={!canWrite}
    >
      {!canWrite && <Note>{t('account.readOnly', { role: roles(leastRole('account:write')) })}</Note>}
      <TextInput control={control} name="name" label={t('account.name')} autoComplete="organization" />
      <div className="flex flex-col gap-1">
        <SelectInput
          control={control}
          name="time_zone"
          label={t('account.zone')}
          options={zonesToOffer(account.time_zone).map((id) => ({ id, name: `${cityOf(id, locale)} · ${id}` }))}
        />
        <p className="text-xs text-ink-2 tnum">
          {t('account.zoneHint')} {t('account.zoneNow', { time: now })}
        </p>
      </div>
      <div className="flex flex-col gap-1">
        <SelectInput
          control={control}
          name="language"
          label={t('account.language')}
          options={(['es', 'en'] as const).map((id) => ({
            id,
            name: names[id],
          }))}
        />
        <p className="text-xs text-ink-2">{t('account.languageHint')}</p>
      </div>
      <p className="text-xs text-ink-2">
        {t('account.created', { date: format.dateTime(new Date(account.created_at), { dateStyle: 'long' }) })}
      </p>
    </SectionForm>
  )
}
