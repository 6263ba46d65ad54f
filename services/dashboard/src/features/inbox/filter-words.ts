import { useQuery } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'use-intl'
import { useLanguage } from '@/i18n'
import { DAY } from '@/i18n/formats'
import { last4 } from '@/lib/phone'
import { instantOf } from '@/lib/time'
import type { Filters } from './filters'
import { labelsQuery, numbersQuery, ownersQuery } from './queries'

interface FilterWords {
  keys: (keyof Filters)[]
  name: string
}

/** Each filter in words: "Responsable: Omar". Names are asked for only when a filter needs one. */
export function useFilterWords(filters: Filters): FilterWords[] {
  const t = useTranslations('inbox')
  const format = useFormatter()
  const { timeZone } = useLanguage()
  const isPerson = filters.owner !== undefined && filters.owner !== 'me' && filters.owner !== 'none'
  const owners = useQuery({ ...ownersQuery, enabled: isPerson })
  const numbers = useQuery({ ...numbersQuery, enabled: filters.number !== undefined })
  const labels = useQuery({ ...labelsQuery, enabled: filters.label !== undefined })

  const day = (of: string) => format.dateTime(instantOf(of, '12:00', timeZone), DAY)
  const found = <T extends { id: string }>(items: T[] | undefined, id: string, name: (item: T) => string) => {
    const item = items?.find((one) => one.id === id)
    return item ? name(item) : items ? t('filters.unknown') : '…'
  }
  const owner = () => {
    if (filters.owner === 'me') return t('filters.me')
    if (filters.owner === 'none') return t('filters.nobody')
    return found(owners.data, filters.owner ?? '', ({ name }) => name)
  }
  const dates = () => {
    if (filters.from && filters.to) return t('filters.between', { from: day(filters.from), to: day(filters.to) })
    return filters.from
      ? t('filters.from', { day: day(filters.from) })
      : t('filters.to', { day: day(filters.to ?? '') })
  }
  const words: (FilterWords | false | undefined)[] = [
    filters.status && { keys: ['status'], name: t(`status.${filters.status}`) },
    filters.owner !== undefined && { keys: ['owner'], name: `${t('filters.owner')}: ${owner()}` },
    filters.number !== undefined && {
      keys: ['number'],
      name: found(numbers.data?.items, filters.number, (number) => `${number.label} · ${last4(number.phone_number)}`),
    },
    filters.label !== undefined && {
      keys: ['label'],
      name: found(labels.data?.items, filters.label, ({ name }) => name),
    },
    filters.from || filters.to ? { keys: ['from', 'to'], name: dates() } : undefined,
    filters.unread && { keys: ['unread'], name: t('filters.unread') },
    filters.handed && { keys: ['handed'], name: t('filters.handed') },
  ]
  return words.filter((one): one is FilterWords => Boolean(one))
}
