import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, useEffect, useRef, useState } from 'react'
import { type useFormatter, useTranslations } from 'use-intl'
import { useKeys } from '@/app/keys'
import { showPhone } from '@/lib/phone'
import { AfterAMoment } from '@/ui/empty'
import { cx, Mono } from '@/ui/kit'
import { NumberTag } from '@/ui/number-tag'
import { Consent } from './consent'
import type { Contact } from './contact-queries'
import { useContactRows } from './contact-rows'

type Format = ReturnType<typeof useFormatter>
const GRID =
  'grid items-center gap-3 px-4 grid-cols-[minmax(8rem,2fr)_8.5rem_7rem_5.5rem_10.5rem_6.5rem] @max-4xl:grid-cols-[minmax(8rem,2fr)_8.5rem_7rem_10.5rem] @max-2xl:grid-cols-[minmax(0,1fr)_auto]'
/** Left out of narrower tables: first the language and the date, then all but the name and the consent. */
const WIDE = '@max-4xl:hidden'
const MIDDLE = '@max-2xl:hidden'
const COLUMNS = [
  ['name', ''],
  ['phone', MIDDLE],
  ['number', MIDDLE],
  ['language', WIDE],
  ['consent', ''],
  ['created', WIDE],
] as const

const HEADER_HEIGHT = 36
const rowHeight = () => (document.documentElement.dataset.density === 'compact' ? 36 : 46)
const FRAME = '@container h-full rounded-card border border-line bg-surface'

function HeaderRow() {
  const t = useTranslations('contacts.columns')
  return (
    <thead className="sticky top-0 z-10 block bg-surface">
      <tr aria-rowindex={1} className={cx(GRID, 'h-9 border-b border-line text-xs text-ink-2')}>
        {COLUMNS.map(([id, className]) => (
          <th key={id} scope="col" className={cx('font-medium', className)}>
            {t(id)}
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** All contacts of a search, however many: only the rows in view are in the document. */
export function ContactTable({
  q,
  total,
  selected,
  format,
}: {
  q: string
  total: number
  selected: string | undefined
  format: Format
}) {
  const t = useTranslations('contacts')
  const scroller = useRef<HTMLDivElement>(null)
  const height = rowHeight()
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
    // The rows begin under the header, which stays in view.
    scrollPaddingEnd: HEADER_HEIGHT,
  })
  const { items, rowAt } = useContactRows(q, virtual)
  const [cursor, setCursor] = useState(-1)
  const at = Math.max(0, Math.min(cursor, total - 1))
  const inView = items.some((item) => item.index === at)

  // A row far away is in the document a few frames after the scroll, and its link once its page is here.
  const wanted = useRef<number | null>(null)
  useEffect(() => {
    if (wanted.current === null) return
    const link = scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"] a`)
    if (!link) return
    wanted.current = null
    link.focus({ preventScroll: true })
  })
  const go = (index: number) => {
    const to = Math.max(0, Math.min(total - 1, index))
    wanted.current = to
    setCursor(to)
    virtual.scrollToIndex(to, { align: 'auto' })
  }
  useKeys({ j: () => go(cursor + 1), k: () => go(cursor - 1) })
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? height) / height) - 2)
    const moves: Record<string, number> = {
      ArrowDown: cursor + 1,
      ArrowUp: cursor - 1,
      PageDown: cursor + page,
      PageUp: cursor - page,
      Home: 0,
      End: total - 1,
    }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    go(to)
  }

  return (
    <div ref={scroller} data-testid="contact-scroller" className={cx(FRAME, 'overflow-y-auto overscroll-contain')}>
      <table aria-label={t('title')} aria-rowcount={total + 1} className="block text-left">
        <HeaderRow />
        <tbody className="relative block" style={{ height: virtual.getTotalSize() }} onKeyDown={onKeyDown}>
          {items.map((item) => {
            const contact = rowAt(item.index)
            return (
              <tr
                key={item.index}
                aria-rowindex={item.index + 2}
                data-row={item.index}
                onFocus={() => setCursor(item.index)}
                className={cx(
                  GRID,
                  'absolute inset-x-0 top-0 border-b border-line/70 text-sm',
                  contact && contact.id === selected ? 'bg-agave-soft' : 'hover:bg-sunken/60',
                )}
                style={{ height, transform: `translateY(${item.start}px)` }}
              >
                {contact ? (
                  <Cells
                    contact={contact}
                    isCurrent={contact.id === selected}
                    isTabStop={inView ? item.index === at : item.index === items[0]?.index}
                    format={format}
                  />
                ) : (
                  <EmptyCells />
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const Cells = memo(function Cells({
  contact,
  isCurrent,
  isTabStop,
  format,
}: {
  contact: Contact
  isCurrent: boolean
  isTabStop: boolean
  format: Format
}) {
  const t = useTranslations('contacts')
  return (
    <>
      <th scope="row" className="min-w-0 truncate font-medium">
        <Link
          to="/contacts"
          search={(former) => ({ ...former, id: contact.id })}
          replace={isCurrent}
          preload={false}
          tabIndex={isTabStop ? 0 : -1}
          aria-current={isCurrent ? 'true' : undefined}
          data-contact={contact.id}
          className="after:absolute after:inset-0 focus-visible:outline-none! focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-agave"
        >
          {contact.name || <span className="text-ink-2">{t('noName')}</span>}
        </Link>
      </th>
      <td className={MIDDLE}>
        <Mono className="text-xs">{showPhone(contact.phone_number)}</Mono>
      </td>
      <td className={MIDDLE}>
        {contact.from_twilio_number ? (
          <NumberTag number={contact.from_twilio_number} />
        ) : (
          <span className="text-xs text-ink-2">{t('noNumber')}</span>
        )}
      </td>
      <td className={cx(WIDE, 'text-ink-2')}>{t(`language.${contact.language ?? 'none'}`)}</td>
      <td>
        <Consent contact={contact} />
      </td>
      <td className={cx(WIDE, 'text-ink-2 tnum')}>
        {format.dateTime(new Date(contact.created_at), { day: 'numeric', month: 'short', year: 'numeric' })}
      </td>
    </>
  )
})

function EmptyCells() {
  return COLUMNS.map(([id, className]) => (
    <td key={id} className={className}>
      <span aria-hidden="true" className="skeleton block h-3 w-3/5" />
    </td>
  ))
}

/** The table's shape before its first page is here. */
export function TableSkeleton() {
  const ui = useTranslations('ui')
  return (
    <AfterAMoment>
      <p role="status" className="sr-only">
        {ui('loading')}
      </p>
      <div aria-hidden="true" className={cx(FRAME, 'overflow-hidden')}>
        <table className="block text-left">
          <HeaderRow />
          <tbody className="block">
            {Array.from({ length: 12 }, (_, row) => (
              <tr key={row} className={cx(GRID, 'border-b border-line/70')} style={{ height: rowHeight() }}>
                <EmptyCells />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </AfterAMoment>
  )
}
