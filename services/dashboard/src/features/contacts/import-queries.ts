import { queryOptions } from '@tanstack/react-query'
import { api, data, type Schemas } from '@/api/client'

export type Import = Schemas['Import']
export const IMPORTS = ['imports'] as const
const REREAD_MS = 5000

export const isUnderWay = (i: Import): boolean => i.state === 'waiting' || i.state === 'running'

export const importsQuery = queryOptions({
  queryKey: [...IMPORTS, 'list'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/contacts/imports', { signal })),
})

/** Live events patch it; it is read again too, so that a lost event leaves no bar standing still. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: [...IMPORTS, id] as const,
    queryFn: ({ signal }) => data(api.GET('/api/contacts/imports/{id}', { params: { path: { id } }, signal })),
    refetchInterval: (query) => (query.state.data && isUnderWay(query.state.data) ? REREAD_MS : false),
  })
