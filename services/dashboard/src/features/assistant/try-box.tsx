import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data, once } from '@/api/client'
import { useProblem } from '@/api/problem'
import { useMay } from '@/app/session'
import { leastRole } from '@/lib/permissions'
import { TextAreaField } from '@/ui/fields'
import { heightOf } from '@/ui/form-fields'
import { Button, Note } from '@/ui/kit'
import { Card } from '@/ui/section-form'
import { Select } from '@/ui/select'
import { TrialResult } from './trial-result'

const LANGUAGES = ['auto', 'es', 'en'] as const
type Language = (typeof LANGUAGES)[number]
const LONGEST = 1600

/** Shows what a customer's text would be answered, and why. Nothing is sent. */
export function TryBox() {
  const t = useTranslations('assistant.try')
  const roles = useTranslations('app.roles')
  const may = useMay()
  const { words, field } = useProblem()
  const [text, setText] = useState('')
  const [language, setLanguage] = useState<Language>('auto')
  const trial = useAction((body: { text: string; language?: 'es' | 'en' }, key) =>
    data(api.POST('/api/assistant/try', { body, headers: once(key) })),
  )
  if (!may('assistant:try')) {
    return (
      <Card title={t('title')}>
        <Note>{t('forbidden', { role: roles(leastRole('assistant:try')) })}</Note>
      </Card>
    )
  }
  const isEmpty = text.trim() === ''
  const refused = field(trial.error, 'text')
  return (
    <Card title={t('title')} description={t('lead')}>
      <form
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (!isEmpty && !trial.isPending) trial.run({ text, ...(language !== 'auto' && { language }) })
        }}
      >
        <TextAreaField
          label={t('text')}
          value={text}
          onChange={setText}
          maxLength={LONGEST}
          className={heightOf(3)}
          error={refused}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
              event.preventDefault()
              ;(event.target as HTMLTextAreaElement).form?.requestSubmit()
            } else event.continuePropagation()
          }}
        />
        <div className="flex items-end justify-between gap-3">
          <Select<Language>
            label={t('language')}
            value={language}
            onChange={setLanguage}
            options={LANGUAGES.map((id) => ({ id, name: t(id) }))}
            className="w-32"
          />
          <Button type="submit" variant="primary" isDisabled={isEmpty} isPending={trial.isPending}>
            {t('submit')}
          </Button>
        </div>
        <p className="text-xs text-ink-2">{t('unsaved')}</p>
      </form>
      <div aria-live="polite">
        {trial.error && !refused && <Note tone="bad">{words(trial.error)}</Note>}
        {trial.result && !trial.error && <TrialResult trial={trial.result} />}
      </div>
    </Card>
  )
}
