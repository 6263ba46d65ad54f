import type { Schemas } from '@/api/client'
import { addDays, instantOf, isDay } from '@/lib/time'

export const STATUSES = ['active', 'inactive', 'blocked'] as const
export type Status = Schemas['ConversationStatus']

/** What the list shows, as it stands in the address: `/inbox?status=active&owner=me`. */
export interface Filters {
  status?: Status
  /** A user's id, `me` or `none`. */
  owner?: string
  /** Ids of one of our numbers and of a label. */
  number?: string
  label?: string
  /** Calendar days in the account's zone, both included. */
  from?: string
  to?: string
  unread?: true
  handed?: true
  q?: string
}

const text = (value: unknown) =>
  typeof value === 'string' && value.length > 0 && value.length <= 100 ? value : undefined
const day = (value: unknown) => (typeof value === 'string' && isDay(value) ? value : undefined)
const flag = (value: unknown) => (value === 'true' || value === true ? (true as const) : undefined)

/** Reads the filters out of an address; what is not a filter, or not a value of it, is left out. */
export function readFilters(search: Record<string, unknown>): Filters {
  const filters = {
    status: STATUSES.find((status) => status === search.status),
    owner: text(search.owner),
    number: text(search.number),
    label: text(search.label),
    from: day(search.from),
    to: day(search.to),
    unread: flag(search.unread),
    handed: flag(search.handed),
    q: text(search.q),
  }
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined))
}

export const hasFilters = (filters: Filters) => Object.keys(filters).length > 0

/** The query of `GET /api/conversations/`: days become instants in the account's zone. */
export function toQuery(filters: Filters, timeZone: string) {
  return {
    ...(filters.status && { status: filters.status }),
    ...(filters.owner && { owner: filters.owner }),
    ...(filters.number && { number_id: filters.number }),
    ...(filters.label && { label_id: filters.label }),
    ...(filters.from && { from: instantOf(filters.from, '00:00', timeZone).toISOString() }),
    ...(filters.to && { to: instantOf(addDays(filters.to, 1), '00:00', timeZone).toISOString() }),
    ...(filters.unread && { unread: filters.unread }),
    ...(filters.handed && { handed_over: filters.handed }),
    ...(filters.q && { q: filters.q }),
  }
}

/** Filters that have a name of their own. */
export const VIEWS = {
  all: {},
  mine: { owner: 'me' },
  unassigned: { owner: 'none' },
  handed: { handed: true },
  unread: { unread: true },
} satisfies Record<string, Filters>
export type View = keyof typeof VIEWS

/** The named view that the filters are, if they are just that. */
export function viewOf(filters: Filters): View | undefined {
  const written = (of: Filters) => JSON.stringify(Object.entries(of).sort())
  const { q: _, ...rest } = filters
  return (Object.keys(VIEWS) as View[]).find((view) => written(VIEWS[view]) === written(rest))
}
