import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button, cx } from './kit'
import { ScrollX } from './scroll-x'

export interface Column<T> {
  id: string
  /** The heading; for a column of buttons give words and `hideName`. */
  name: string
  hideName?: boolean
  align?: 'start' | 'end'
  /** Left out under 768 px. */
  wideOnly?: boolean
  /** This cell names its row. */
  isRowHeader?: boolean
  cell: (row: T) => ReactNode
  className?: string
}

/** A plain table: the server sorts, filters and pages. */
export function Table<T>({
  label,
  columns,
  rows,
  keyOf,
  isLoading,
}: {
  label: string
  columns: Column<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
  /** Draws empty rows in the shape of the full ones. */
  isLoading?: boolean
}) {
  const cellClass = (column: Column<T>) =>
    cx('px-3', column.align === 'end' && 'text-right', column.wideOnly && 'max-md:hidden', column.className)
  return (
    <ScrollX label={label}>
      <table aria-label={label} aria-busy={isLoading ?? false} className="w-full border-collapse text-left text-sm">
        <thead>
          <tr className="border-b border-line text-xs text-ink-2">
            {columns.map((column) => (
              <th key={column.id} scope="col" className={cx(cellClass(column), 'h-9 font-medium whitespace-nowrap')}>
                {column.hideName ? <span className="sr-only">{column.name}</span> : column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {isLoading
            ? Array.from({ length: 8 }, (_, row) => (
                <tr key={row} className="border-b border-line/70 last:border-0">
                  {columns.map((column) => (
                    <td key={column.id} className={cx(cellClass(column), 'h-11')}>
                      <span aria-hidden="true" className="skeleton block h-3 w-3/5" />
                    </td>
                  ))}
                </tr>
              ))
            : rows.map((row) => (
                <tr key={keyOf(row)} className="border-b border-line/70 last:border-0 hover:bg-sunken/60">
                  {columns.map((column) =>
                    column.isRowHeader ? (
                      <th key={column.id} scope="row" className={cx(cellClass(column), 'h-11 py-1.5 font-medium')}>
                        {column.cell(row)}
                      </th>
                    ) : (
                      <td key={column.id} className={cx(cellClass(column), 'h-11 py-1.5')}>
                        {column.cell(row)}
                      </td>
                    ),
                  )}
                </tr>
              ))}
        </tbody>
      </table>
    </ScrollX>
  )
}

/** Earlier and later pages of a list. */
export function Pager({
  offset,
  limit,
  total,
  onChange,
}: {
  offset: number
  limit: number
  total: number
  onChange: (offset: number) => void
}) {
  const t = useTranslations('ui')
  if (total <= limit && offset === 0) return null
  return (
    <div className="flex items-center justify-end gap-2 pt-3 text-sm text-ink-2">
      <p className="tnum" aria-live="polite">
        {t('range', { from: Math.min(offset + 1, total), to: Math.min(offset + limit, total), total })}
      </p>
      <Button
        size="icon-sm"
        aria-label={t('previousPage')}
        isDisabled={offset === 0}
        onPress={() => onChange(Math.max(0, offset - limit))}
      >
        <ChevronLeft aria-hidden="true" className="size-4" />
      </Button>
      <Button
        size="icon-sm"
        aria-label={t('nextPage')}
        isDisabled={offset + limit >= total}
        onPress={() => onChange(offset + limit)}
      >
        <ChevronRight aria-hidden="true" className="size-4" />
      </Button>
    </div>
  )
}
