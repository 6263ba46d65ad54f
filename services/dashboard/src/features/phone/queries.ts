import { queryOptions } from '@tanstack/react-query'
import { api, data } from '@/api/client'

export const phonesQuery = queryOptions({
  queryKey: ['phones'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/sandbox/phones', { signal })),
})

export const screenQuery = (phone_number: string) =>
  queryOptions({
    queryKey: ['phones', phone_number] as const,
    queryFn: ({ signal }) =>
      data(api.GET('/api/sandbox/phones/{phone_number}', { params: { path: { phone_number } }, signal })),
  })

/** Our numbers, to write to one. */
export const numbersQuery = queryOptions({
  queryKey: ['numbers'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/numbers', { signal })),
})

/** The conversation with a phone, if there is one. */
export const conversationOfQuery = (phone: string) =>
  queryOptions({
    queryKey: ['phones', phone, 'conversation'] as const,
    queryFn: async ({ signal }) => {
      const query = { q: phone.replace(/\D/g, ''), limit: 5 }
      const { items } = await data(api.GET('/api/conversations/', { params: { query }, signal }))
      return items.find(({ to_number }) => to_number === phone) ?? null
    },
  })
