import { type QueryClient, queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api, data, type Schemas, setCsrf } from '@/api/client'
import { forgetLiveEvents } from '@/api/events'

export type Session = Schemas['Session']

/** Who is signed in, and what they may do. */
export const sessionQuery = queryOptions({
  queryKey: ['session'] as const,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
  retry: false,
  queryFn: async ({ signal }) => {
    const session = await data(api.GET('/api/session', { signal }))
    setCsrf(session.csrf ?? null)
    return session
  },
})

/** Enters with a session that a sign-in or an accepted invitation answered. */
export function enter(client: QueryClient, session: Session) {
  client.clear()
  setCsrf(session.csrf ?? null)
  client.setQueryData(sessionQuery.queryKey, session)
}

/** The session; only inside of the shell, which does not open without one. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data
}

/** Whether the person may do something: `may('numbers:write')`. */
export function useMay() {
  const { permissions } = useSession()
  return (permission: string) => permissions.includes(permission)
}

/** Ends the session on the server and forgets what it showed. Drafts stay: they are of this browser. */
export function useSignOut() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { account } = useSession()
  return async () => {
    await api.DELETE('/api/session')
    forgetLiveEvents(account.id)
    setCsrf(null)
    await navigate({ to: '/login' })
    client.clear()
  }
}
