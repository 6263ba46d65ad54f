import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { ApiError } from '@/api/client'
import { readFilters } from '@/features/inbox/filters'
import { RouteError, RouteMissing } from './route-states'
import { safeNext } from './safe-next'
import { sessionQuery } from './session'
import { Shell } from './shell'

type TextSearch = Record<string, string | undefined>

/** Search parameters as plain texts: each page reads its own names. */
function textSearch(search: Record<string, unknown>): TextSearch {
  return Object.fromEntries(
    Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet })

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = safeNext(search.next)
    return next ? { next } : {}
  },
  component: lazyRouteComponent(() => import('@/features/auth/login-page'), 'LoginPage'),
})
const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite/$token',
  component: lazyRouteComponent(() => import('@/features/auth/invite-page'), 'InvitePage'),
})

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.client.ensureQueryData(sessionQuery)
    } catch (error) {
      if (error instanceof ApiError && error.problem.status === 401) {
        throw redirect({ to: '/login', search: { next: location.href } })
      }
      throw error
    }
  },
})
const index = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox' })
  },
})
const inbox = createRoute({
  getParentRoute: () => shell,
  path: '/inbox',
  validateSearch: readFilters,
  component: lazyRouteComponent(() => import('@/features/inbox/inbox-page'), 'InboxPage'),
})
const conversation = createRoute({
  getParentRoute: () => inbox,
  path: '$id',
  component: lazyRouteComponent(() => import('@/features/inbox/conversation-pane'), 'ConversationPane'),
})
const contacts = createRoute({
  getParentRoute: () => shell,
  path: '/contacts',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('@/features/contacts/contacts-page'), 'ContactsPage'),
})
const contactsImport = createRoute({
  getParentRoute: () => shell,
  path: '/contacts/import',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('@/features/contacts/import-page'), 'ImportPage'),
})
const numbers = createRoute({
  getParentRoute: () => shell,
  path: '/numbers',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('@/features/numbers/numbers-page'), 'NumbersPage'),
})
const assistant = createRoute({
  getParentRoute: () => shell,
  path: '/assistant',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('@/features/assistant/assistant-page'), 'AssistantPage'),
})
const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('@/features/people/people-page'), 'PeoplePage'),
})
const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('@/features/settings/settings-page'), 'SettingsPage'),
})
const phone = createRoute({
  getParentRoute: () => shell,
  path: '/phone',
  validateSearch: textSearch,
  component: lazyRouteComponent(() => import('@/features/phone/phone-page'), 'PhonePage'),
})

const pages = [
  index,
  inbox.addChildren([conversation]),
  contacts,
  contactsImport,
  numbers,
  assistant,
  people,
  settings,
  phone,
]
const tree = root.addChildren([login, invite, shell.addChildren(pages)])

function stringifySearch(search: Record<string, unknown>): string {
  const written = Object.entries(search).filter(([, value]) => value !== undefined && value !== null)
  const text = new URLSearchParams(written.map(([name, value]) => [name, String(value)])).toString()
  return text && `?${text}`
}

/** The router: search parameters are written as plain text, `?q=5512`, not as JSON. */
export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    // What no validateSearch has let through is not in the address: a raw `next` or filter never reaches a page.
    search: { strict: true },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: RouteError,
    defaultNotFoundComponent: RouteMissing,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    stringifySearch,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
