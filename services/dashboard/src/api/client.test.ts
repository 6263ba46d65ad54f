import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError, data, makeClient, once, sessionEnd, setCsrf } from './client'
import { problemKey, refusedFields, requestId } from './problem'

function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  const seen: Request[] = []
  const client = makeClient('http://hilo.test', async (request) => {
    seen.push(request)
    return new Response(status === 204 ? null : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    })
  })
  return { client, seen }
}
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const lost = vi.fn()
beforeEach(() => sessionEnd.addEventListener('lost', lost))
afterEach(() => {
  sessionEnd.removeEventListener('lost', lost)
  lost.mockClear()
  setCsrf(null)
})

describe('the client', () => {
  it('sends the token with every write and with no read', async () => {
    const { client, seen } = answering(200, {})
    setCsrf('abc')
    await data(client.GET('/api/labels'))
    await data(client.DELETE('/api/session'))
    expect(seen.map((request) => request.headers.get('x-csrf-token'))).toEqual([null, 'abc'])
  })

  it('gives every POST an idempotency key, and keeps the one that it was given', async () => {
    const { client, seen } = answering(200, {})
    const request = { params: { path: { id: 'c' } } }
    await data(client.POST('/api/conversations/{id}/take-over', request))
    await data(client.POST('/api/conversations/{id}/take-over', request))
    await data(client.POST('/api/conversations/{id}/take-over', { ...request, headers: once('mine') }))
    const [first, second, third] = seen.map(({ headers }) => headers.get('idempotency-key'))
    expect(first).toMatch(/^[0-9a-f-]{36}$/)
    expect(second).not.toBe(first)
    expect(third).toBe('mine')
  })

  it('tells the house when the session is gone, but not while somebody signs in', async () => {
    const gone = { title: '', status: 401, code: 'identity-required' }
    const { client } = answering(401, gone)
    await refused(client.GET('/api/labels'))
    expect(lost).toHaveBeenCalledTimes(1)
    await refused(client.POST('/api/session', { body: { email: 'a@b.mx', password: 'x' } }))
    expect(lost).toHaveBeenCalledTimes(1)
  })

  it('carries what the server refused, and how long to wait', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Unprocessable',
      status: 422,
      code: 'unexpected-json',
      fields: [{ path: 'body', code: 'too-long' }],
      request_id: 'r-1',
    }
    const { client } = answering(422, problem, { 'retry-after': '30' })
    const error = await refused(client.GET('/api/labels'))
    expect(error).toBeInstanceOf(ApiError)
    expect(refusedFields(error)).toEqual({ body: 'too-long' })
    expect(requestId(error)).toBe('r-1')
    expect((error as ApiError).retryAfter).toBe(30)
  })

  it('makes a problem of an answer that is none', async () => {
    const client = makeClient('http://hilo.test', async () => new Response('<html>', { status: 502 }))
    const error = await refused(client.GET('/api/labels'))
    expect((error as ApiError).problem).toMatchObject({ status: 502, code: 'http' })
  })
})

describe('the words of a problem', () => {
  const known = (key: string) => ['opted-out', 'blocked'].includes(key)
  const of = (status: number, code: string) => new ApiError({ title: '', status, code })

  it.each([
    [of(409, 'opted-out'), 'opted-out'],
    [of(403, 'whatever'), 'forbidden'],
    [of(404, 'whatever'), 'not-found'],
    [of(422, 'whatever'), 'invalid'],
    [of(429, 'whatever'), 'too-many-requests'],
    [of(502, 'http'), 'server'],
    [of(418, 'teapot'), 'unknown'],
    [new TypeError('Failed to fetch'), 'offline'],
  ])('%o is told as %s', (error, key) => expect(problemKey(error, known)).toBe(key))
})
