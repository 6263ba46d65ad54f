import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useLanguage } from '@/i18n'
import { dayOf } from '@/lib/time'
import { Empty, ErrorState } from '@/ui/empty'
import { Button } from '@/ui/kit'
import { Bubble, DayLine, SystemLine } from './bubble'
import { AT_END_PX, useKeepEnd } from './keep-end'
import { nameOf } from './names'
import { type Conversation, type Message, messagesQuery } from './queries'
import { ScheduledMessage } from './scheduled'
import { inOrder } from './thread-pages'
import { useNow } from './use-now'

const BUBBLE_PX = 84
const OVERSCAN = 6
/** So near to the oldest message that is loaded, the page before it is asked for. */
const NEAR_TOP = 8

/** The messages, newest at the bottom; older pages are put in above without a jump. */
export function Thread({ id, conversation }: { id: string; conversation: Conversation | undefined }) {
  const t = useTranslations('inbox.thread')
  const { timeZone } = useLanguage()
  const messages = useInfiniteQuery(messagesQuery(id))
  const scroller = useRef<HTMLDivElement>(null)
  const now = useNow(messages.data)
  const { past, scheduled } = inOrder(messages.data, now)
  const all = [...past, ...scheduled]
  const virtual = useVirtualizer({
    count: all.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => BUBBLE_PX,
    overscan: OVERSCAN,
    getItemKey: (index) => all[index]?.id ?? index,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: AT_END_PX,
    paddingStart: 12,
    paddingEnd: 8,
  })
  const isLoaded = messages.data !== undefined
  const [isSettled, setSettled] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the messages are there.
  useLayoutEffect(() => {
    if (!isLoaded) return
    virtual.scrollToEnd()
    setSettled(true)
  }, [isLoaded])

  useKeepEnd(scroller, virtual, past.at(-1))

  const rows = virtual.getVirtualItems()
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = messages
  const isNearTop = isSettled && (rows[0]?.index ?? NEAR_TOP) < NEAR_TOP
  useEffect(() => {
    if (isNearTop && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [isNearTop, hasNextPage, isFetchingNextPage, fetchNextPage])

  if (messages.isError && !messages.data) {
    return (
      <div className="min-h-0 flex-1">
        <ErrorState title={t('failedToLoad')} error={messages.error} onRetry={() => void messages.refetch()} />
      </div>
    )
  }
  if (isLoaded && all.length === 0) {
    return (
      <div className="min-h-0 flex-1">
        <Empty title={t('empty')} hint={t('emptyHint')} />
      </div>
    )
  }
  const lineFor = (index: number, message: Message): ReactNode => {
    if (index >= past.length) return index === past.length ? <DayLine isScheduled at={message.created_at} /> : null
    const before = past[index - 1]
    const day = dayOf(new Date(message.created_at), timeZone)
    return before && dayOf(new Date(before.created_at), timeZone) === day ? null : <DayLine at={message.created_at} />
  }
  return (
    <div className="relative min-h-0 flex-1">
      {isFetchingNextPage && (
        <p role="status" className="absolute inset-x-0 top-1 z-10 text-center text-xs text-ink-2">
          <span className="rounded-full bg-surface px-3 py-1 shadow-pop">{t('older')}</span>
        </p>
      )}
      {/* Scrolling brings rows in and out: a live log would read all of them. News is announced apart. */}
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t('label', { name: conversation ? nameOf(conversation) : '' })}
        aria-busy={!isLoaded}
        tabIndex={0}
        data-testid="thread-scroller"
        className="h-full overflow-y-auto px-5 -outline-offset-2! max-md:px-3"
      >
        {!isLoaded && <ThreadSkeleton />}
        <div className="relative" style={{ height: virtual.getTotalSize() }}>
          {rows.map(({ index, key, start }) => {
            const message = all[index]
            if (!message) return null
            return (
              <div
                key={key}
                data-index={index}
                ref={virtual.measureElement}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                {lineFor(index, message)}
                {index >= past.length ? (
                  <ScheduledMessage message={message} />
                ) : message.author === 'system' ? (
                  <SystemLine message={message} />
                ) : (
                  <Bubble message={message} conversation={conversation} />
                )}
              </div>
            )
          })}
        </div>
      </div>
      {isLoaded && !virtual.isAtEnd(AT_END_PX * 3) && (
        <Button
          size="icon"
          aria-label={t('toEnd')}
          onPress={() => virtual.scrollToEnd()}
          className="absolute right-4 bottom-3 rounded-full! shadow-pop"
        >
          <ArrowDown aria-hidden="true" className="size-4" />
        </Button>
      )}
      <News past={past} conversation={conversation} />
    </div>
  )
}

/** Tells a screen reader what the customer just wrote. */
function News({ past, conversation }: { past: Message[]; conversation: Conversation | undefined }) {
  const t = useTranslations('inbox.thread')
  const [opened] = useState(() => Date.now())
  const last = past.at(-1)
  const isNews = last?.direction === 'inbound' && Date.parse(last.created_at) > opened
  return (
    <p aria-live="polite" className="sr-only">
      {isNews && conversation && t('said', { name: nameOf(conversation), text: last.body })}
    </p>
  )
}

const WIDTHS = ['w-1/2', 'w-2/5', 'w-3/5', 'w-1/3', 'w-1/2']

function ThreadSkeleton() {
  return (
    <div aria-hidden="true" className="flex flex-col gap-5 py-6">
      {WIDTHS.map((width, n) => (
        <span key={n} className={`skeleton block h-12 rounded-bubble! ${width} ${n % 2 ? 'self-end' : ''}`} />
      ))}
    </div>
  )
}
