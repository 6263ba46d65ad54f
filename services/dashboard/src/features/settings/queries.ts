import { queryOptions } from '@tanstack/react-query'
import { api, data, type Schemas } from '@/api/client'

export type Account = Schemas['Account']
export type Label = Schemas['Label']
export type Token = Schemas['Token']
export type UserSession = Schemas['UserSession']

export const accountQuery = queryOptions({
  queryKey: ['account'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/account', { signal })),
})

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/sessions', { signal })),
})

export const tokensQuery = queryOptions({
  queryKey: ['tokens'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/tokens', { signal })),
})

export const labelsQuery = queryOptions({
  queryKey: ['labels'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/labels', { signal })),
})
