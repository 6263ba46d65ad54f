import { useFormatter, useTranslations } from 'use-intl'
import * as z from 'zod/mini'

/** Checks of form fields with words in the page's language. */
export function useChecks() {
  const t = useTranslations('assistant.field')
  const format = useFormatter()
  return {
    text: (most: number) => z.string().check(z.maxLength(most, t('tooLong', { n: format.number(most) }))),
    filled: (most: number) =>
      z.string().check(
        z.refine((s) => s.trim() !== '', t('required')),
        z.maxLength(most, t('tooLong', { n: most })),
      ),
    within: (min: number, max: number) => {
      const words = t('range', { min: format.number(min), max: format.number(max) })
      return z.number(words).check(z.gte(min, words), z.lte(max, words))
    },
  }
}
