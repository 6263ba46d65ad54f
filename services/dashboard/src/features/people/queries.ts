import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, data, type Schemas } from '@/api/client'

export type User = Schemas['User']
export type Invitation = Schemas['Invitation']
export type AuditEntry = Schemas['AuditEntry']
export const PAGE = 50

export const USERS = ['users'] as const
export const usersQuery = (page: number) =>
  queryOptions({
    queryKey: [...USERS, page] as const,
    queryFn: ({ signal }) =>
      data(api.GET('/api/users', { params: { query: { offset: page * PAGE, limit: PAGE } }, signal })),
    placeholderData: keepPreviousData,
  })

/** The people a filter offers: the first two hundred, the most a list gives at once. */
export const everyoneQuery = queryOptions({
  queryKey: [...USERS, 'everyone'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/users', { params: { query: { limit: 200 } }, signal })),
})

export const invitationsQuery = queryOptions({
  queryKey: ['invitations'] as const,
  queryFn: ({ signal }) => data(api.GET('/api/invitations', { signal })),
})

export const auditQuery = (page: number, user: string | undefined, action: string | undefined) =>
  queryOptions({
    queryKey: ['audit', page, user ?? '', action ?? ''] as const,
    queryFn: ({ signal }) =>
      data(
        api.GET('/api/audit', {
          params: {
            query: {
              offset: page * PAGE,
              limit: PAGE,
              ...(user ? { user_id: user } : {}),
              ...(action ? { action } : {}),
            },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  })
