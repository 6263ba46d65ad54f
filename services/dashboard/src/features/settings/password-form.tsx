import { zodResolver } from '@hookform/resolvers/zod'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { useAction } from '@/api/action'
import { ApiError, api, data } from '@/api/client'
import { refusedFields } from '@/api/problem'
import { useRefusals } from '@/api/refusals'
import { PasswordInput } from '@/ui/form-fields'
import { SectionForm } from '@/ui/section-form'
import { notify } from '@/ui/toast'
import { sessionsQuery } from './queries'

const SHORTEST = 10
const LONGEST = 200
const EMPTY = { current: '', new: '', repeated: '' }
type Values = typeof EMPTY

/** Whether the server says that the password given as the current one is not. */
export const isWrongPassword = (error: Error | null, path: string): boolean =>
  error instanceof ApiError &&
  (['wrong-password', 'wrong-credentials'].includes(error.problem.code) || path in refusedFields(error))

export function PasswordForm() {
  const t = useTranslations('settings')
  const client = useQueryClient()
  const schema = z
    .object({
      current: z.string().check(z.minLength(1, t('field.required'))),
      new: z
        .string()
        .check(
          z.minLength(SHORTEST, t('password.tooShort', { n: SHORTEST })),
          z.maxLength(LONGEST, t('field.tooLong', { n: LONGEST })),
        ),
      repeated: z.string(),
    })
    .check(z.refine((v) => v.new === v.repeated, { path: ['repeated'], message: t('password.differs') }))
  const form = useForm<Values>({ resolver: zodResolver(schema), defaultValues: EMPTY })
  const change = useAction(
    (values: Values) => data(api.PUT('/api/session/password', { body: { current: values.current, new: values.new } })),
    {
      onDone: () => {
        form.reset(EMPTY)
        void client.invalidateQueries({ queryKey: sessionsQuery.queryKey })
        notify({ tone: 'good', title: t('password.saved') })
      },
    },
  )
  const refused = useRefusals(form, change.error, ['new'])
  const isWrong = isWrongPassword(change.error, 'current')
  useEffect(() => {
    if (isWrong) form.setError('current', { type: 'server', message: t('password.wrong') }, { shouldFocus: true })
  }, [isWrong, form, t])
  const { control } = form
  return (
    <SectionForm
      title={t('password.title')}
      description={t('password.lead')}
      onSubmit={() => void form.handleSubmit(change.run)()}
      onDiscard={() => form.reset(EMPTY)}
      isDirty={form.formState.isDirty}
      isPending={change.isPending}
      error={isWrong ? undefined : refused}
      submit={t('password.submit')}
    >
      <PasswordInput
        control={control}
        name="current"
        label={t('password.current')}
        autoComplete="current-password"
        className="max-w-80"
      />
      <PasswordInput
        control={control}
        name="new"
        label={t('password.new')}
        hint={t('password.newHint')}
        autoComplete="new-password"
        className="max-w-80"
      />
      <PasswordInput
        control={control}
        name="repeated"
        label={t('password.repeat')}
        autoComplete="new-password"
        className="max-w-80"
      />
    </SectionForm>
  )
}
