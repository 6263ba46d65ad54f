import { Sparkle } from 'lucide-react'
import type { ReactNode } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { cx, Mono } from '@/ui/kit'
import type { Trial } from './queries'

const WHYS = [
  'rule-matched',
  'answered',
  'hand-off',
  'no-profile',
  'disabled',
  'budget-spent',
  'model-unavailable',
  'refused-by-check',
  'no-answer',
] as const
const WEIGHED = [
  'matched',
  'outranked',
  'off',
  'other-language',
  'out-of-hours',
  'broken-pattern',
  'other-text',
] as const
/** The code among those that have words; the server may know more of them than this page. */
const known = <C extends string>(codes: readonly C[], code: string) =>
  codes.find((c) => c === code.replaceAll('_', '-'))

/** What would be answered: the text, who would write it, and the rules that were looked at. */
export function TrialResult({ trial }: { trial: Trial }) {
  const t = useTranslations('assistant.try')
  const a = useTranslations('assistant')
  const format = useFormatter()
  const why = known(WHYS, trial.why)
  const isAssistant = trial.would === 'assistant'
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-4">
      <div>
        <h3 className="text-base font-semibold">{t(`would.${trial.would}`, { name: trial.rule?.name ?? '' })}</h3>
        <p className="text-sm text-ink-2 text-pretty">{why ? t(`why.${why}`) : trial.why}</p>
      </div>
      {trial.body !== null && (
        <figure aria-label={t('body')} className="flex flex-col gap-1">
          <blockquote
            className={cx(
              'rounded-bubble px-3.5 py-2.5 text-base whitespace-pre-wrap text-pretty',
              isAssistant ? 'bg-jacaranda-soft' : 'bg-agave-soft',
            )}
          >
            {trial.body}
          </blockquote>
          <figcaption className="flex flex-wrap items-center gap-x-2 px-1 text-xs text-ink-2 tnum">
            {isAssistant && (
              <span className="inline-flex items-center gap-1 font-medium text-jacaranda">
                <Sparkle aria-hidden="true" className="size-3" />
                {t('byAssistant')}
              </span>
            )}
            {trial.segments !== null && <span>{a('segments', { n: trial.segments })}</span>}
          </figcaption>
        </figure>
      )}
      {trial.note && (
        <p className="text-sm text-pretty">
          <span className="font-medium">{t('note')}</span> <span className="text-ink-2">{trial.note}</span>
        </p>
      )}
      {trial.model && (
        <p className="text-xs text-ink-2 tnum">
          <Mono>{trial.model}</Mono>{' '}
          {t('tokens', {
            input: format.number(trial.input_tokens),
            output: format.number(trial.output_tokens),
            seconds: format.number(trial.model_ms / 1000, { maximumFractionDigits: 1 }),
          })}
        </p>
      )}
      <Rules rules={trial.rules} />
    </div>
  )
}

function Rules({ rules }: { rules: Trial['rules'] }) {
  const t = useTranslations('assistant.try')
  const words = (rule: Trial['rules'][number]): ReactNode => {
    const code = known(WEIGHED, rule.why)
    if (code) return t(`weighed.${code}`)
    return rule.matched ? t('matched') : t('unmatched')
  }
  return (
    <div>
      <h4 className="pb-1 text-sm font-medium">{t('rules')}</h4>
      {rules.length === 0 && <p className="text-sm text-ink-2">{t('noRules')}</p>}
      <ul className="flex flex-col gap-1">
        {rules.map((rule) => (
          <li key={rule.id} className="flex items-baseline gap-2 text-sm">
            <span aria-hidden="true" className={cx('text-2xs', rule.matched ? 'text-agave' : 'text-ink-3')}>
              {rule.matched ? '●' : '○'}
            </span>
            <span className={cx('min-w-0 flex-1 truncate', rule.matched && 'font-medium')}>{rule.name}</span>
            <span className="text-xs text-ink-2">{words(rule)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
