import { queryOptions } from '@tanstack/react-query'
import { api, data, type Schemas } from '@/api/client'

export type PoolNumber = Schemas['Number']
export const NUMBERS = ['numbers'] as const

export const numbersQuery = queryOptions({
  queryKey: [...NUMBERS, 'list'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/numbers', { signal })),
})

/** Asked of the provider each time the dialog opens. */
export const availableQuery = queryOptions({
  queryKey: ['available-numbers'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/numbers/available', { signal })),
  staleTime: 0,
  gcTime: 0,
  retry: false,
})
