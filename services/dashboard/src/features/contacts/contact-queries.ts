import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, data, type Schemas } from '@/api/client'

export type Contact = Schemas['Contact']
export const PAGE = 100

/** Every list of contacts lies under this key, so that one write makes all of them stale. */
export const CONTACTS = ['contacts'] as const

export const pageQuery = (q: string, page: number) =>
  queryOptions({
    queryKey: [...CONTACTS, 'page', q, page] as const,
    queryFn: ({ signal }) =>
      data(
        api.GET('/api/contacts', {
          params: { query: { offset: page * PAGE, limit: PAGE, ...(q ? { q } : {}) } },
          signal,
        }),
      ),
    staleTime: 60_000,
    gcTime: 60_000,
  })

/** The first page, which also tells how many there are; the former total stays while a new search is under way. */
export const countQuery = (q: string) => ({ ...pageQuery(q, 0), placeholderData: keepPreviousData })

export const contactQuery = (id: string) =>
  queryOptions({
    queryKey: [...CONTACTS, 'one', id] as const,
    queryFn: ({ signal }) => data(api.GET('/api/contacts/{id}', { params: { path: { id } }, signal })),
  })
