import { useQueries } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '@/ui/kit'
import { useListKeys } from './list-keys'
import type { ListState } from './list-state'
import { PAGE } from './queries'
import { Row, RowSkeleton } from './row'
import { useStillAtTop } from './still-at-top'

/** Only the windows that stay in view for so long are asked for while the thumb is dragged. */
const SETTLE_MS = 90
const SKELETONS = 12
const OVERSCAN = 8
const rowHeight = () => (document.documentElement.dataset.density === 'compact' ? 52 : 68)

/** The rows: a hundred thousand of them are as light as a screenful. */
export function ConversationList({ list }: { list: ListState }) {
  const t = useTranslations('inbox')
  const scroller = useRef<HTMLDivElement>(null)
  const { id: current } = useParams({ strict: false })
  const isLoading = list.head.data === undefined
  const count = isLoading ? SKELETONS : list.total
  const height = useMemo(rowHeight, [])
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
  })
  const rows = virtual.getVirtualItems()
  const first = Math.floor((rows[0]?.index ?? 0) / PAGE)
  const last = Math.floor((rows.at(-1)?.index ?? 0) / PAGE)
  const [[from, to], setView] = useState<[number, number]>([0, 0])
  useEffect(() => {
    const timer = setTimeout(() => setView([first, last]), virtual.isScrolling ? SETTLE_MS : 0)
    return () => clearTimeout(timer)
  }, [first, last, virtual.isScrolling])
  const pages = Array.from({ length: to - from + 1 }, (_, n) => from + n)
  const windows = useQueries({ queries: pages.map((page) => list.windowAt(page)) })
  const rowAt = (index: number) => {
    const page = Math.floor(index / PAGE)
    const loaded = windows[page - from]?.data
    return loaded ? loaded.items[index - page * PAGE] : list.cachedRow(index)
  }

  const isAtTop = (virtual.scrollOffset ?? 0) < height
  const resort = () => {
    list.resort()
    virtual.scrollToOffset(0)
  }
  useStillAtTop(scroller, isAtTop && list.waiting > 0, list.resort)
  const onKeyDown = useListKeys({
    list,
    scroller,
    scrollTo: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
  })
  const inView = rows.some(({ index }) => current !== undefined && rowAt(index)?.id === current)

  return (
    <div className="relative min-h-0 flex-1">
      {list.waiting > 0 && (
        <Button
          variant="primary"
          size="sm"
          className="absolute top-2 left-1/2 z-10 -translate-x-1/2 rounded-full! shadow-pop"
          onPress={resort}
        >
          <span aria-hidden="true">↑</span>
          {t('list.updated', { count: list.waiting })}
        </Button>
      )}
      <div
        ref={scroller}
        data-testid="conversation-scroller"
        className="h-full overflow-y-auto overscroll-contain [contain:strict]"
      >
        <ul
          aria-label={t('title')}
          aria-busy={isLoading}
          onKeyDown={onKeyDown}
          className="relative"
          style={{ height: virtual.getTotalSize() }}
        >
          {rows.map(({ index, start }) => {
            const conversation = isLoading ? undefined : rowAt(index)
            const isCurrent = conversation !== undefined && conversation.id === current
            return (
              <li
                key={index}
                aria-setsize={count}
                aria-posinset={index + 1}
                className="absolute inset-x-0 top-0"
                style={{ height, transform: `translateY(${start}px)` }}
              >
                {conversation ? (
                  <Row
                    conversation={conversation}
                    isCurrent={isCurrent}
                    isTabStop={isCurrent || (!inView && index === (rows[0]?.index ?? 0))}
                  />
                ) : (
                  <RowSkeleton />
                )}
              </li>
            )
          })}
        </ul>
      </div>
    </div>
  )
}
