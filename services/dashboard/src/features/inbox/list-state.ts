import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { useServerEvent } from '@/app/live'
import { useSession } from '@/app/session'
import { useLanguage } from '@/i18n'
import type { Filters } from './filters'
import { matches } from './filters-match'
import { type Moved, moved } from './live'
import { type Conversation, type ConversationPage, keys, PAGE, windowQuery } from './queries'

let lastSnapshot = 0

/**
 * One order of the list, frozen while it is read: later windows are asked for as of the first one's moment. What
 * changes meanwhile is counted, and `resort` takes a new order.
 */
export function useListState(filters: Filters) {
  const client = useQueryClient()
  const { timeZone } = useLanguage()
  const me = useSession().user.id
  const written = JSON.stringify(filters)
  const [order, setOrder] = useState(() => ({ written, snapshot: ++lastSnapshot }))
  const [waiting, setWaiting] = useState<ReadonlySet<string>>(new Set())
  if (order.written !== written) {
    setOrder({ written, snapshot: ++lastSnapshot })
    setWaiting(new Set())
  }
  const { snapshot } = order
  const place = { filters, timeZone, snapshot }
  const head = useQuery({ ...windowQuery({ ...place, page: 0, asOf: undefined }), placeholderData: keepPreviousData })

  const resort = useCallback(() => {
    setWaiting(new Set())
    setOrder({ written, snapshot: ++lastSnapshot })
  }, [written])
  useServerEvent('resync', resort)
  // No row is on screen that could jump away under the reader.
  const isEmpty = head.data?.total === 0
  useEffect(() => {
    if (isEmpty && waiting.size > 0) resort()
  }, [isEmpty, waiting, resort])
  useEffect(() => {
    const onMoved = (event: Event) => {
      const { conversation } = (event as CustomEvent<Moved>).detail
      const belongs = matches(conversation, JSON.parse(written) as Filters, me, timeZone)
      if (belongs) setWaiting((old) => (old.has(conversation.id) ? old : new Set(old).add(conversation.id)))
    }
    moved.addEventListener('moved', onMoved)
    return () => moved.removeEventListener('moved', onMoved)
  }, [written, me, timeZone])

  const asOf = head.isPlaceholderData ? undefined : head.data?.as_of
  const windowAt = (page: number) => ({
    ...windowQuery({ ...place, page, asOf: page === 0 ? undefined : asOf }),
    enabled: page === 0 || asOf !== undefined,
    // The rows of the order before, until the new ones are here.
    placeholderData: () => client.getQueryData<ConversationPage>([...keys.list(filters, snapshot - 1), page]),
  })
  const cachedRow = (index: number): Conversation | undefined => {
    const page = Math.floor(index / PAGE)
    const key = [...keys.list(filters, snapshot), page]
    return client.getQueryData<ConversationPage>(key)?.items[index - page * PAGE]
  }
  const indexOf = (id: string): number => {
    const pages = client.getQueriesData<ConversationPage>({ queryKey: keys.list(filters, snapshot) })
    for (const [key, page] of pages) {
      const at = page?.items.findIndex((conversation) => conversation.id === id) ?? -1
      if (at >= 0) return Number(key.at(-1)) * PAGE + at
    }
    return -1
  }
  return { head, total: head.data?.total ?? 0, waiting: waiting.size, resort, windowAt, cachedRow, indexOf }
}
export type ListState = ReturnType<typeof useListState>
