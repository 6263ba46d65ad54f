import { zodResolver } from '@hookform/resolvers/zod'
import { useQueryClient } from '@tanstack/react-query'
import { type Control, useForm, useWatch } from 'react-hook-form'
import { useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { useAction } from '@/api/action'
import { api, data, once } from '@/api/client'
import { useRefusals } from '@/api/refusals'
import { FormDialog } from '@/ui/dialog'
import { NumberInput, RadiosInput, SelectInput, SwitchInput, TextAreaInput, TextInput } from '@/ui/form-fields'
import { notify } from '@/ui/toast'
import { useGuardedClose } from '@/ui/unsaved'
import { useChecks } from './checks'
import { type Rule, rulesQuery } from './queries'
import { SegmentHint } from './segment-hint'

const KINDS = ['keyword', 'phrase', 'regex'] as const
const HOURS = ['always', 'open', 'closed'] as const
const LANGUAGES = ['all', 'es', 'en'] as const
const FIELDS = ['name', 'kind', 'pattern', 'body', 'language', 'priority', 'hours', 'enabled'] as const
const MOST_PRIORITY = 1000
type Values = Omit<Rule, 'id' | 'segments' | 'language'> & { language: (typeof LANGUAGES)[number] }

function useRuleSchema() {
  const check = useChecks()
  return z.object({
    name: check.filled(100),
    kind: z.enum(KINDS),
    pattern: check.filled(500),
    body: check.filled(1600),
    language: z.enum(LANGUAGES),
    priority: check.within(-MOST_PRIORITY, MOST_PRIORITY),
    hours: z.enum(HOURS),
    enabled: z.boolean(),
  })
}

/** Writes a static response: when it answers, and what. */
export function RuleDialog({ rule, onClose }: { rule: Rule | null; onClose: () => void }) {
  const t = useTranslations('assistant.rules')
  const ui = useTranslations('ui')
  const client = useQueryClient()
  const form = useForm<Values>({
    resolver: zodResolver(useRuleSchema()),
    defaultValues: {
      name: rule?.name ?? '',
      kind: rule?.kind ?? 'keyword',
      pattern: rule?.pattern ?? '',
      body: rule?.body ?? '',
      language: rule?.language ?? 'all',
      priority: rule?.priority ?? 0,
      hours: rule?.hours ?? 'always',
      enabled: rule?.enabled ?? true,
    },
  })
  const save = useAction(
    (values: Values, key) => {
      const body = { ...values, language: values.language === 'all' ? null : values.language }
      return rule
        ? data(api.PUT('/api/static-responses/{id}', { params: { path: { id: rule.id } }, body }))
        : data(api.POST('/api/static-responses', { body, headers: once(key) }))
    },
    {
      onDone: () => {
        void client.invalidateQueries({ queryKey: rulesQuery.queryKey })
        notify({ tone: 'good', title: rule ? t('saved') : t('created') })
        onClose()
      },
    },
  )
  const refused = useRefusals(form, save.error, FIELDS, { 'rule-exists': 'name' })
  const { close, question } = useGuardedClose(form.formState.isDirty, onClose)
  const { control } = form
  return (
    <>
      <FormDialog
        title={rule ? t('editTitle') : t('newTitle')}
        submit={rule ? ui('save') : t('create')}
        onSubmit={() => void form.handleSubmit(save.run)()}
        onClose={close}
        isPending={save.isPending}
        error={refused}
        width="lg"
      >
        <TextInput control={control} name="name" label={t('name')} autoComplete="off" autoFocus />
        <RadiosInput
          control={control}
          name="kind"
          label={t('kindLabel')}
          options={KINDS.map((id) => ({ id, name: t(`kindName.${id}`), hint: t(`kindHint.${id}`) }))}
        />
        <TextInput control={control} name="pattern" label={t('pattern')} autoComplete="off" mono />
        <TextAreaInput control={control} name="body" label={t('body')} rows={3} hint={<BodyCost control={control} />} />
        <div className="grid gap-4 sm:grid-cols-3">
          <SelectInput
            control={control}
            name="hours"
            label={t('hoursLabel')}
            options={HOURS.map((id) => ({ id, name: t(`hours.${id}`) }))}
          />
          <SelectInput
            control={control}
            name="language"
            label={t('languageLabel')}
            options={LANGUAGES.map((id) => ({ id, name: t(`language.${id}`) }))}
          />
          <NumberInput control={control} name="priority" label={t('priority')} hint={t('priorityHint')} />
        </div>
        <SwitchInput control={control} name="enabled">
          {t('enabled')}
        </SwitchInput>
      </FormDialog>
      {question}
    </>
  )
}

function BodyCost({ control }: { control: Control<Values> }) {
  return <SegmentHint text={useWatch({ control, name: 'body' })} />
}
