import { zodResolver } from '@hookform/resolvers/zod'
import { useQueryClient } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { useFormatter, useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { useRefusals } from '@/api/refusals'
import { last4 } from '@/lib/phone'
import { FormDialog } from '@/ui/dialog'
import { NumberInput, SwitchInput, TextInput } from '@/ui/form-fields'
import { notify } from '@/ui/toast'
import { useGuardedClose } from '@/ui/unsaved'
import { type NumberValues, numberSchema } from './number-schema'
import { NUMBERS, type PoolNumber } from './queries'

const FIELDS = [
  'label',
  'rotation_enabled',
  'rotation_priority',
  'new_recipients_per_day',
  'segments_per_second',
] as const

/** Sets a line's name and how it takes part in the rotation. */
export function EditDialog({ number, onClose }: { number: PoolNumber; onClose: () => void }) {
  const t = useTranslations('numbers.editor')
  const format = useFormatter()
  const client = useQueryClient()
  const schema = numberSchema({
    tooLong: (n) => t('tooLong', { n }),
    range: (min, max) => t('range', { min: format.number(min), max: format.number(max) }),
  })
  const form = useForm<NumberValues>({
    resolver: zodResolver(schema),
    defaultValues: {
      label: number.label,
      rotation_enabled: number.rotation_enabled,
      rotation_priority: number.rotation_priority,
      new_recipients_per_day: number.new_recipients_per_day,
      segments_per_second: number.segments_per_second,
    },
  })
  const save = useAction(
    (body: NumberValues) => data(api.PATCH('/api/numbers/{id}', { params: { path: { id: number.id } }, body })),
    {
      onDone: () => {
        void client.invalidateQueries({ queryKey: NUMBERS })
        notify({ tone: 'good', title: t('saved') })
        onClose()
      },
    },
  )
  const refused = useRefusals(form, save.error, FIELDS)
  const { close, question } = useGuardedClose(form.formState.isDirty, onClose)
  const { control } = form
  return (
    <>
      <FormDialog
        title={t('title', { number: last4(number.phone_number) })}
        submit={t('save')}
        onSubmit={() => void form.handleSubmit(save.run)()}
        onClose={close}
        isPending={save.isPending}
        error={refused}
      >
        <TextInput
          control={control}
          name="label"
          label={t('label')}
          hint={t('labelHint')}
          autoComplete="off"
          autoFocus
        />
        <SwitchInput control={control} name="rotation_enabled" hint={t('rotationHint')}>
          {t('rotation')}
        </SwitchInput>
        <NumberInput control={control} name="rotation_priority" label={t('priority')} hint={t('priorityHint')} />
        <NumberInput control={control} name="new_recipients_per_day" label={t('budget')} hint={t('budgetHint')} />
        <NumberInput
          control={control}
          name="segments_per_second"
          label={t('rate')}
          hint={t('rateHint')}
          step={0.1}
          formatOptions={{ maximumFractionDigits: 2 }}
        />
      </FormDialog>
      {question}
    </>
  )
}
