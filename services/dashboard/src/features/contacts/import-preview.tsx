import { useTranslations } from 'use-intl'
import { Badge, cx } from '@/ui/kit'
import { ScrollX } from '@/ui/scroll-x'
import type { Mapping, Meaning } from './import-columns'
import type { Peek } from './import-peek'

const SHOWN_ROWS = 5

/** The first rows as they will be read, each column under what it means. */
export function MapPreview({ peek, mapping }: { peek: Peek; mapping: Mapping }) {
  const t = useTranslations('contacts.import')
  const meaningOf = (header: string, place: number): Meaning | null => {
    if (peek.headers.indexOf(header) !== place) return null
    if (header === mapping.phone) return 'phone'
    if (header === mapping.name) return 'name'
    return header === mapping.language ? 'language' : null
  }
  return (
    <ScrollX label={t('map.preview')}>
      <table className="w-full border-collapse text-left text-sm">
        <caption className="px-3 pt-2 pb-1 text-left text-xs text-ink-2">{t('map.preview')}</caption>
        <thead>
          <tr className="border-b border-line">
            {peek.headers.map((header, place) => {
              const meaning = meaningOf(header, place)
              return (
                <th key={place} scope="col" className="px-3 py-2 align-bottom font-medium whitespace-nowrap">
                  <span className="flex flex-col items-start gap-1">
                    {meaning ? (
                      <Badge tone="good">{t(`map.${meaning}`)}</Badge>
                    ) : (
                      <span className="text-xs font-normal text-ink-2">{t('map.unused')}</span>
                    )}
                    {header || '—'}
                  </span>
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {peek.rows.slice(0, SHOWN_ROWS).map((row, line) => (
            <tr key={line} className="border-b border-line/70 last:border-0">
              {peek.headers.map((header, place) => (
                <td
                  key={place}
                  className={cx('max-w-60 truncate px-3 py-1.5', meaningOf(header, place) ? 'text-ink' : 'text-ink-3')}
                >
                  {row[place] ?? ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  )
}
