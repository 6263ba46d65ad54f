import { zodResolver } from '@hookform/resolvers/zod'
import { useQueryClient } from '@tanstack/react-query'
import { Controller, useForm } from 'react-hook-form'
import { useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { useAction } from '@/api/action'
import { api, data, once } from '@/api/client'
import { useRefusals } from '@/api/refusals'
import { Radios } from '@/ui/choices'
import { FormDialog } from '@/ui/dialog'
import { TextInput } from '@/ui/form-fields'
import { LabelDot } from '@/ui/label-chip'
import { notify } from '@/ui/toast'
import { type Label, labelsQuery } from './queries'

const LONGEST_NAME = 40
const COLORS = ['agave', 'cielo', 'cempa', 'grana', 'jacaranda', 'ink'] as const
type Values = Pick<Label, 'name' | 'color'>

/** Makes a label, or changes one. */
export function LabelDialog({ label, onClose }: { label: Label | null; onClose: () => void }) {
  const t = useTranslations('settings')
  const client = useQueryClient()
  const schema = z.object({
    name: z.string().check(
      z.refine((s) => s.trim() !== '', t('field.required')),
      z.maxLength(LONGEST_NAME, t('field.tooLong', { n: LONGEST_NAME })),
    ),
    color: z.enum(COLORS),
  })
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name: label?.name ?? '', color: label?.color ?? 'agave' },
  })
  const save = useAction(
    ({ name, color }: Values, key) => {
      const body = { name: name.trim(), color }
      return data(
        label
          ? api.PATCH('/api/labels/{id}', { params: { path: { id: label.id } }, body })
          : api.POST('/api/labels', { body, headers: once(key) }),
      )
    },
    {
      onDone: () => {
        void client.invalidateQueries({ queryKey: labelsQuery.queryKey })
        notify({ tone: 'good', title: t(label ? 'labels.saved' : 'labels.created') })
        onClose()
      },
    },
  )
  const refused = useRefusals(form, save.error, ['name', 'color'])
  return (
    <FormDialog
      title={t(label ? 'labels.editTitle' : 'labels.new')}
      submit={t(label ? 'labels.save' : 'labels.create')}
      onSubmit={() => void form.handleSubmit(save.run)()}
      onClose={onClose}
      isPending={save.isPending}
      error={refused}
      width="sm"
    >
      <TextInput control={form.control} name="name" label={t('labels.name')} autoComplete="off" autoFocus />
      <Controller
        control={form.control}
        name="color"
        render={({ field }) => (
          <Radios
            label={t('labels.color')}
            value={field.value}
            onChange={field.onChange}
            options={COLORS.map((id) => ({
              id,
              name: (
                <span className="inline-flex items-center gap-2">
                  <LabelDot color={id} />
                  {t(`labels.colors.${id}`)}
                </span>
              ),
            }))}
          />
        )}
      />
    </FormDialog>
  )
}
