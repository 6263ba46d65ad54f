import { zodResolver } from '@hookform/resolvers/zod'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { useFormatter, useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { ApiError, api, data, once } from '@/api/client'
import { useProblem } from '@/api/problem'
import { useRefusals } from '@/api/refusals'
import { showPhone } from '@/lib/phone'
import { Radios } from '@/ui/choices'
import { Dialog, DialogBody, FormDialog } from '@/ui/dialog'
import { ErrorState, Skeleton } from '@/ui/empty'
import { NumberInput, TextInput } from '@/ui/form-fields'
import { Mono, Note } from '@/ui/kit'
import { notify } from '@/ui/toast'
import { type NumberValues, numberSchema } from './number-schema'
import { availableQuery, NUMBERS } from './queries'

const FIELDS = ['label', 'rotation_priority', 'new_recipients_per_day', 'segments_per_second'] as const
interface Available {
  phone_number: string
  label: string
  in_use: boolean
}

/** Adds one of the lines that the Twilio account has. */
export function AddDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('numbers.adder')
  const { data: answer, error, refetch } = useQuery(availableQuery)
  if (answer?.items.some((line) => !line.in_use)) return <Adder lines={answer.items} onClose={onClose} />
  return (
    <Dialog title={t('title')} onClose={onClose}>
      <DialogBody className="pb-6">
        {error ? (
          <ErrorState error={error} title={t('unavailable')} onRetry={() => void refetch()} />
        ) : answer ? (
          <Note>{answer.items.length === 0 ? t('none') : t('allUsed')}</Note>
        ) : (
          <Skeleton lines={5} />
        )}
      </DialogBody>
    </Dialog>
  )
}

function Adder({ lines, onClose }: { lines: Available[]; onClose: () => void }) {
  const t = useTranslations('numbers.adder')
  const e = useTranslations('numbers.editor')
  const format = useFormatter()
  const client = useQueryClient()
  const [line, setLine] = useState<string | null>(null)
  const [wasSent, setSent] = useState(false)
  const schema = numberSchema({
    tooLong: (n) => e('tooLong', { n }),
    range: (min, max) => e('range', { min: format.number(min), max: format.number(max) }),
  })
  const form = useForm<NumberValues>({
    resolver: zodResolver(schema),
    defaultValues: {
      label: '',
      rotation_enabled: true,
      rotation_priority: 1,
      new_recipients_per_day: 200,
      segments_per_second: 1,
    },
  })
  const add = useAction(
    ({ rotation_enabled: _, ...values }: NumberValues & { phone_number: string }, key) =>
      data(api.POST('/api/numbers', { body: values, headers: once(key) })),
    {
      onDone: () => {
        void client.invalidateQueries({ queryKey: NUMBERS })
        notify({ tone: 'good', title: t('added') })
        onClose()
      },
    },
  )
  const refused = useRefusals(form, add.error, FIELDS)
  const { words, field } = useProblem()
  const taken =
    add.error instanceof ApiError && add.error.problem.code === 'number-taken' ? words(add.error) : undefined
  const lineError = wasSent && line === null ? t('pickOne') : (taken ?? field(add.error, 'phone_number'))
  const pick = (phone: string) => {
    setLine(phone)
    const label = lines.find((l) => l.phone_number === phone)?.label ?? ''
    if (!form.formState.dirtyFields.label) form.resetField('label', { defaultValue: label })
  }
  return (
    <FormDialog
      title={t('title')}
      submit={t('submit')}
      onSubmit={() => {
        setSent(true)
        if (line !== null) void form.handleSubmit((values) => add.run({ ...values, phone_number: line }))()
      }}
      onClose={onClose}
      isPending={add.isPending}
      error={lineError ? undefined : refused}
    >
      <p className="text-base text-ink-2">{t('lead')}</p>
      <Radios<string>
        label={t('pick')}
        value={line}
        onChange={pick}
        error={lineError}
        options={[...lines]
          .sort((a, b) => Number(a.in_use) - Number(b.in_use))
          .map((l) => ({
            id: l.phone_number,
            isDisabled: l.in_use,
            name: (
              <span className="flex flex-wrap gap-x-3">
                <Mono>{showPhone(l.phone_number)}</Mono>
                {l.label}
              </span>
            ),
            ...(l.in_use && { hint: t('inUse') }),
          }))}
      />
      <TextInput control={form.control} name="label" label={e('label')} hint={e('labelHint')} autoComplete="off" />
      <NumberInput control={form.control} name="rotation_priority" label={e('priority')} hint={e('priorityHint')} />
      <NumberInput control={form.control} name="new_recipients_per_day" label={e('budget')} hint={e('budgetHint')} />
      <NumberInput
        control={form.control}
        name="segments_per_second"
        label={e('rate')}
        hint={e('rateHint')}
        step={0.1}
        formatOptions={{ maximumFractionDigits: 2 }}
      />
    </FormDialog>
  )
}
