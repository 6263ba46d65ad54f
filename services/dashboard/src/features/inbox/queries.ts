import { infiniteQueryOptions, type QueryClient, queryOptions } from '@tanstack/react-query'
import { api, data, type Schemas } from '@/api/client'
import { type Filters, toQuery } from './filters'

export type Conversation = Schemas['Conversation']
export type ConversationPage = Schemas['ConversationPage']
export type Message = Schemas['Message']
export type MessagePage = Schemas['MessagePage']

/** Rows in a window of the list. */
export const PAGE = 100
const THREAD_PAGE = 50
/** Live events keep these answers right; only a `resync` makes them old. */
const KEPT_LIVE = { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false } as const
const MOST_USERS = 200

export const keys = {
  lists: ['conversations', 'list'] as const,
  list: (filters: Filters, snapshot: number) => [...keys.lists, filters, snapshot] as const,
  one: (id: string) => ['conversation', id] as const,
  messages: (id: string) => ['messages', id] as const,
  numbers: (id: string) => ['conversation', id, 'numbers'] as const,
  notes: (id: string) => ['conversation', id, 'notes'] as const,
  optOuts: (id: string) => ['conversation', id, 'opt-outs'] as const,
  runs: (id: string) => ['conversation', id, 'runs'] as const,
  counts: ['counts'] as const,
}

/** Where a window of the list is: a snapshot is one order of the rows, frozen at its `asOf`. */
export interface Window {
  filters: Filters
  timeZone: string
  snapshot: number
  page: number
  asOf: string | undefined
}

export const windowQuery = ({ filters, timeZone, snapshot, page, asOf }: Window) =>
  queryOptions({
    queryKey: [...keys.list(filters, snapshot), page] as const,
    queryFn: ({ signal }) => {
      const query = { ...toQuery(filters, timeZone), offset: page * PAGE, limit: PAGE, ...(asOf && { as_of: asOf }) }
      return data(api.GET('/api/conversations/', { params: { query }, signal }))
    },
    gcTime: 60_000,
    ...KEPT_LIVE,
  })

/** The conversation as some list has it already. */
function listed(client: QueryClient, id: string): Conversation | undefined {
  for (const [, page] of client.getQueriesData<ConversationPage>({ queryKey: keys.lists })) {
    const found = page?.items?.find((conversation) => conversation.id === id)
    if (found) return found
  }
  return undefined
}

export const conversationQuery = (client: QueryClient, id: string) =>
  queryOptions({
    queryKey: keys.one(id),
    queryFn: ({ signal }) => data(api.GET('/api/conversations/{id}', { params: { path: { id } }, signal })),
    placeholderData: () => listed(client, id),
    ...KEPT_LIVE,
  })

/** The thread, newest page first: each further page is older. */
export const messagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: keys.messages(id),
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: THREAD_PAGE, ...(pageParam && { before: pageParam }) }
      return data(api.GET('/api/conversations/{id}/messages', { params: { path: { id }, query }, signal }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (oldest) => (oldest.has_older ? oldest.items[0]?.id : undefined),
    ...KEPT_LIVE,
  })

export const numbersOfQuery = (id: string) =>
  queryOptions({
    queryKey: keys.numbers(id),
    queryFn: ({ signal }) => data(api.GET('/api/conversations/{id}/numbers', { params: { path: { id } }, signal })),
  })

export const notesQuery = (id: string) =>
  queryOptions({
    queryKey: keys.notes(id),
    queryFn: ({ signal }) => data(api.GET('/api/conversations/{id}/notes', { params: { path: { id } }, signal })),
  })

export const optOutsQuery = (id: string) =>
  queryOptions({
    queryKey: keys.optOuts(id),
    queryFn: ({ signal }) => data(api.GET('/api/conversations/{id}/opt-outs', { params: { path: { id } }, signal })),
  })

export const runsQuery = (id: string) =>
  queryOptions({
    queryKey: keys.runs(id),
    queryFn: ({ signal }) =>
      data(api.GET('/api/assistant/runs', { params: { query: { conversation_id: id, limit: 100 } }, signal })),
  })

export const labelsQuery = queryOptions({
  queryKey: ['labels'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/labels', { signal })),
})

export const numbersQuery = queryOptions({
  queryKey: ['numbers'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/numbers', { signal })),
})

/** The people that a conversation can be given to. */
export const ownersQuery = queryOptions({
  queryKey: ['users', 'owners'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/users', { params: { query: { limit: MOST_USERS } }, signal })),
  select: ({ items }) => items.filter((user) => !user.disabled && user.role !== 'viewer'),
})
