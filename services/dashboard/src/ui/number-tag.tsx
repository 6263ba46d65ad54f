import { useTranslations } from 'use-intl'
import { last4, showPhone } from '@/lib/phone'

/**
 * One of our numbers. The assigned number is the product's central promise, so it has one mark everywhere: a small
 * agave tab with its last four digits.
 */
export function NumberTag({ number, label }: { number: string; label?: string }) {
  const t = useTranslations('ui')
  const words = t('numberTag', { number: label ? `${label} · ${showPhone(number)}` : showPhone(number) })
  return (
    <span className="inline-flex items-center gap-1 font-mono text-2xs text-ink-2 tnum" title={words}>
      <span aria-hidden="true" className="h-2.5 w-1 rounded-full bg-agave" />
      {last4(number)}
    </span>
  )
}
