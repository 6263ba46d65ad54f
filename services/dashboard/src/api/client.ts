import createClient, { type Middleware } from 'openapi-fetch'
import type { components, paths } from './schema'

export type Schemas = components['schemas']
export interface Problem {
  title: string
  status: number
  code: string
  detail?: string | null
  fields?: { path: string; code: string }[]
  request_id?: string | null
}

/** What the server refused, with its problem document. */
export class ApiError extends Error {
  readonly problem: Problem
  /** Seconds that the server asks us to wait, from Retry-After. */
  readonly retryAfter: number | undefined

  constructor(problem: Problem, retryAfter?: number) {
    super(problem.code)
    this.problem = problem
    this.retryAfter = retryAfter
  }
}

/** Tells `lost` when the session has ended, on the server or in another tab. */
export const sessionEnd = new EventTarget()

let csrf = ''
/** Sets the token that every write carries; null for an API token's session, which needs none. */
export function setCsrf(token: string | null) {
  csrf = token ?? ''
}

/** Whether this page has had a session: whoever comes for the first time has lost none. */
export const hadSession = () => csrf !== ''

async function problemOf(response: Response): Promise<Problem> {
  const document: unknown = await response.json().catch(() => null)
  if (typeof document === 'object' && document !== null && 'code' in document) {
    return { title: '', ...document, status: response.status } as Problem
  }
  return { title: response.statusText, status: response.status, code: 'http' }
}

const rules: Middleware = {
  onRequest({ request }) {
    if (request.method === 'GET') return
    if (csrf) request.headers.set('x-csrf-token', csrf)
    // A caller that repeats a request passes its own key, made when the user pressed.
    if (request.method === 'POST' && !request.headers.has('idempotency-key')) {
      request.headers.set('idempotency-key', crypto.randomUUID())
    }
    return request
  },
  async onResponse({ response, request }) {
    if (response.ok) {
      // A session whose secret has changed (a new password) has a new token.
      csrf = response.headers.get('x-csrf-token') ?? csrf
      return
    }
    const signingIn = request.method === 'POST' && new URL(request.url).pathname === '/api/session'
    if (response.status === 401 && !signingIn) sessionEnd.dispatchEvent(new Event('lost'))
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    throw new ApiError(await problemOf(response), Number.isFinite(seconds) ? seconds : undefined)
  },
}

/** A client of the API; tests pass their own `fetch`. */
export function makeClient(baseUrl: string, fetch?: (request: Request) => Promise<Response>) {
  const client = createClient<paths>({ baseUrl, credentials: 'same-origin', ...(fetch && { fetch }) })
  client.use(rules)
  return client
}

export const api = makeClient(globalThis.location?.origin ?? 'http://localhost')

/** What a call answered: the rules above throw on a problem, so data is always there. */
export async function data<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T
}

/** The header of a POST that may be repeated: the same key makes it the same request. */
export function once(key: string) {
  return { 'idempotency-key': key }
}
