import { zodResolver } from '@hookform/resolvers/zod'
import { useForm } from 'react-hook-form'
import { useFormatter, useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { useRefusals } from '@/api/refusals'
import { useMay } from '@/app/session'
import { NumberInput } from '@/ui/form-fields'
import { Note } from '@/ui/kit'
import { Meter } from '@/ui/meter'
import { SectionForm } from '@/ui/section-form'
import { useChecks } from './checks'
import { useProfileSave } from './profile-save'
import type { Profile } from './queries'

const FIELDS = ['max_segments', 'max_replies_per_day', 'max_tokens_per_day'] as const
const MOST_REPLIES = 1_000_000
const MOST_TOKENS = 1_000_000_000_000
interface Values {
  max_segments: number
  debounce_seconds: number
  max_replies_per_day: number
  max_tokens_per_day: number
}

const valuesOf = (profile: Profile): Values => ({
  max_segments: profile.max_segments,
  debounce_seconds: profile.debounce_ms / 1000,
  max_replies_per_day: profile.max_replies_per_day,
  max_tokens_per_day: profile.max_tokens_per_day,
})

/** How long an answer may be, how patient the assistant is, and how much a day may cost. */
export function LimitsForm({ profile }: { profile: Profile }) {
  const t = useTranslations('assistant.limits')
  const check = useChecks()
  const may = useMay()
  const form = useForm<Values>({
    resolver: zodResolver(
      z.object({
        max_segments: check.within(1, 10),
        debounce_seconds: check.within(0, 60),
        max_replies_per_day: check.within(0, MOST_REPLIES),
        max_tokens_per_day: check.within(0, MOST_TOKENS),
      }),
    ),
    values: valuesOf(profile),
    resetOptions: { keepDirtyValues: true },
  })
  const save = useProfileSave(profile, () => form.reset(form.getValues()))
  const refused = useRefusals(form, save.error, FIELDS)
  const submit = form.handleSubmit(({ debounce_seconds, ...rest }) =>
    save.run({ ...rest, debounce_ms: Math.round(debounce_seconds * 1000) }),
  )
  const { control } = form
  return (
    <SectionForm
      title={t('title')}
      onSubmit={() => void submit()}
      onDiscard={() => form.reset(valuesOf(profile))}
      isDirty={form.formState.isDirty}
      isPending={save.isPending}
      savedAt={save.savedAt}
      error={refused}
      isReadOnly={!may('assistant:write')}
    >
      <Today profile={profile} />
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberInput control={control} name="max_replies_per_day" label={t('replies')} />
        <NumberInput control={control} name="max_tokens_per_day" label={t('tokens')} />
        <NumberInput control={control} name="max_segments" label={t('segments')} hint={t('segmentsHint')} />
        <NumberInput
          control={control}
          name="debounce_seconds"
          label={t('debounce')}
          hint={t('debounceHint')}
          step={0.5}
          formatOptions={{ maximumFractionDigits: 1 }}
        />
      </div>
    </SectionForm>
  )
}

/** What of today's budgets is used. */
function Today({ profile }: { profile: Profile }) {
  const t = useTranslations('assistant.limits')
  const format = useFormatter()
  const { replies_today: replies, tokens_today: tokens, max_replies_per_day, max_tokens_per_day } = profile
  const isSpent = replies >= max_replies_per_day || tokens >= max_tokens_per_day
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <Meter
          label={t('replies')}
          words={t('repliesToday', { used: format.number(replies), limit: format.number(max_replies_per_day) })}
          value={replies}
          limit={max_replies_per_day}
        />
        <Meter
          label={t('tokens')}
          words={t('tokensToday', { used: format.number(tokens), limit: format.number(max_tokens_per_day) })}
          value={tokens}
          limit={max_tokens_per_day}
        />
      </div>
      {isSpent && <Note tone="watch">{t('spent')}</Note>}
    </>
  )
}
