import { zodResolver } from '@hookform/resolvers/zod'
import { type Control, useForm, useWatch } from 'react-hook-form'
import { useFormatter, useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { useRefusals } from '@/api/refusals'
import { useMay } from '@/app/session'
import { TextAreaInput, TextInput } from '@/ui/form-fields'
import { SectionForm } from '@/ui/section-form'
import { useChecks } from './checks'
import { useProfileSave } from './profile-save'
import type { Profile } from './queries'
import { SegmentHint } from './segment-hint'

const LONGEST = { display_name: 100, instructions: 8000, facts: 60_000, help_text: 480 } as const
const FIELDS = ['display_name', 'instructions', 'facts', 'help_text'] as const
type Values = Pick<Profile, (typeof FIELDS)[number]>

const valuesOf = ({ display_name, instructions, facts, help_text }: Profile): Values => ({
  display_name,
  instructions,
  facts,
  help_text,
})

/** Who the assistant says it is, how it speaks, and the only facts it may tell. */
export function VoiceForm({ profile }: { profile: Profile }) {
  const t = useTranslations('assistant.voice')
  const check = useChecks()
  const may = useMay()
  const form = useForm<Values>({
    resolver: zodResolver(
      z.object({
        display_name: check.filled(LONGEST.display_name),
        instructions: check.text(LONGEST.instructions),
        facts: check.text(LONGEST.facts),
        help_text: check.text(LONGEST.help_text),
      }),
    ),
    values: valuesOf(profile),
    resetOptions: { keepDirtyValues: true },
  })
  const save = useProfileSave(profile, () => form.reset(form.getValues()))
  const refused = useRefusals(form, save.error, FIELDS)
  const { control } = form
  return (
    <SectionForm
      title={t('title')}
      onSubmit={() => void form.handleSubmit(save.run)()}
      onDiscard={() => form.reset(valuesOf(profile))}
      isDirty={form.formState.isDirty}
      isPending={save.isPending}
      savedAt={save.savedAt}
      error={refused}
      isReadOnly={!may('assistant:write')}
    >
      <TextInput control={control} name="display_name" label={t('name')} autoComplete="off" className="max-w-96" />
      <TextAreaInput
        control={control}
        name="instructions"
        label={t('instructions')}
        rows={5}
        hint={
          <>
            {t('instructionsHint')} <Counter control={control} name="instructions" />
          </>
        }
      />
      <TextAreaInput
        control={control}
        name="facts"
        label={t('facts')}
        rows={8}
        hint={
          <>
            {t('factsHint')} <Counter control={control} name="facts" />
          </>
        }
      />
      <TextAreaInput
        control={control}
        name="help_text"
        label={t('help')}
        rows={2}
        hint={
          <>
            {t('helpHint')} <HelpCost control={control} />
          </>
        }
      />
    </SectionForm>
  )
}

function Counter({ control, name }: { control: Control<Values>; name: 'instructions' | 'facts' }) {
  const t = useTranslations('assistant.voice')
  const format = useFormatter()
  const text = useWatch({ control, name })
  return (
    <span className="tnum">
      {t('counter', { used: format.number([...text].length), limit: format.number(LONGEST[name]) })}
    </span>
  )
}

function HelpCost({ control }: { control: Control<Values> }) {
  return <SegmentHint text={useWatch({ control, name: 'help_text' })} />
}
