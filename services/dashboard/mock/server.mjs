// A gateway with no database, for design work: 100,000 conversations, live events, a cookie session, the page's
// content security policy and precompressed files. PORT, DIST, LATENCY_MS, CONVERSATIONS, CHATTER=0,
// SANDBOX=0 and ROLE are its settings.
// Sign in with any e-mail and the password `demo`; an e-mail that starts with `2fa` asks for the code 123456.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { account, CUSTOMER_SAYS, conversations, newId, pick, users } from './data.mjs'
import { houseRoutes } from './house.mjs'
import { inboxRoutes, isConversation } from './inbox.mjs'
import { drop, emit, stats, stream } from './live.mjs'
import { pageRoutes } from './pages.mjs'
import { add } from './threads.mjs'

const PORT = Number(process.env.PORT ?? 4400)
const LATENCY_MS = Number(process.env.LATENCY_MS ?? 25)
const DIST = process.env.DIST ?? new URL('../dist/', import.meta.url).pathname
const CSP =
  "default-src 'self'; script-src 'self'; style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='; style-src-attr 'none'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; frame-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
}
const READ =
  'conversations:read contacts:read numbers:read assistant:read users:read account:read live:read session:own tokens:own'
const AGENT = `${READ} conversations:write conversations:send conversations:reassign contacts:write assistant:try sandbox:use`
const ADMIN = `${AGENT} labels:write contacts:import contacts:export contacts:delete numbers:write assistant:write users:write invitations:write audit:read account:write`
const PERMISSIONS = { viewer: READ, agent: AGENT, admin: ADMIN, owner: ADMIN }

const sessions = new Map()
const answers = new Map()
/** Paths that fail on purpose: POST /mock/fail {"path":"/api/conversations/","status":500}. */
const failing = new Map()

const routes = Object.entries({ ...inboxRoutes, ...houseRoutes, ...pageRoutes }).map(([key, handle]) => {
  const [method, path] = key.split(' ')
  const pattern = path.replace(/:(\w+)/g, '(?<$1>[^/]+)')
  return { method, pattern: new RegExp(`^${pattern}$`), handle, isExact: !path.includes(':') }
})
routes.sort((a, b) => b.isExact - a.isExact)

const read = (request) =>
  new Promise((done) => {
    let text = ''
    request.on('data', (part) => {
      text += part
    })
    request.on('end', () => done(text))
  })
const rest = (ms) => new Promise((done) => setTimeout(done, ms))

function json(response, status, body, headers = {}) {
  response.writeHead(status, {
    'content-type': status >= 400 ? 'application/problem+json' : 'application/json',
    'cache-control': 'no-store',
    ...headers,
  })
  response.end(status === 204 ? undefined : JSON.stringify(body))
}
const refuse = (response, status, code, headers) =>
  json(response, status, { type: 'about:blank', title: code, status, code, request_id: newId() }, headers)

function open(user) {
  const key = newId()
  const role = process.env.ROLE ?? user.role
  const session = {
    user: { id: user.id, email: user.email, name: user.name, role },
    account,
    csrf: newId(),
    permissions: PERMISSIONS[role].split(' '),
    sandbox: process.env.SANDBOX !== '0',
    second_factor: user.second_factor,
    expires_at: new Date(Date.now() + 12 * 3_600_000).toISOString(),
  }
  sessions.set(key, session)
  return { session, cookie: { 'set-cookie': `hilo_session=${key}; HttpOnly; SameSite=Lax; Path=/` } }
}

function signIn(response, body) {
  if (body.password === 'locked') return refuse(response, 429, 'too-many-attempts', { 'retry-after': '45' })
  if (body.password !== 'demo') return refuse(response, 401, 'wrong-credentials')
  if (body.email.startsWith('2fa') && !body.code) return refuse(response, 401, 'second-factor-required')
  if (body.code && body.code !== '123456') return refuse(response, 401, 'wrong-code')
  const { session, cookie } = open(users.find((user) => user.email === body.email) ?? users[0])
  json(response, 200, session, cookie)
}

function accept(request, response, body) {
  if (!request.url.endsWith('/demo')) return refuse(response, 404, 'no-such-invitation')
  if (request.method === 'GET') {
    return json(response, 200, {
      email: 'nora@example.mx',
      name: 'Nora Díaz',
      role: 'agent',
      account_name: account.name,
      language: 'es',
    })
  }
  if (body.password.length < 10) {
    return json(response, 422, {
      type: 'about:blank',
      title: 'x',
      status: 422,
      code: 'invalid',
      fields: [{ path: 'password', code: 'too-short' }],
    })
  }
  const { session, cookie } = open(users[2])
  json(response, 201, session, cookie)
}

async function api(request, response, url) {
  const path = url.pathname
  const text = request.method === 'GET' ? '' : await read(request)
  const isJson = request.headers['content-type']?.includes('json')
  const body = isJson && text ? JSON.parse(text) : {}
  if (path === '/api/session' && request.method === 'POST') return signIn(response, body)
  if (path.startsWith('/api/invitations/accept/')) return accept(request, response, body)
  const key = /(?:^|; )hilo_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]
  const session = sessions.get(key)
  if (!session) return refuse(response, 401, 'session-required')
  if (request.method !== 'GET' && request.headers['x-csrf-token'] !== session.csrf)
    return refuse(response, 403, 'csrf-token-required')
  if (path === '/api/session' && request.method === 'GET') return json(response, 200, { ...session, account })
  if (path === '/api/session') {
    sessions.delete(key)
    return json(response, 204)
  }
  if (path === '/api/live') return stream(request, response, url)
  await rest(LATENCY_MS)
  if (failing.has(path)) return refuse(response, failing.get(path), 'service-unavailable')
  const once = request.method === 'POST' && request.headers['idempotency-key']
  if (once && answers.has(once)) return json(response, 200, answers.get(once), { 'idempotency-replayed': 'true' })
  const me = users.find((user) => user.id === session.user.id)
  for (const { method, pattern, handle } of routes) {
    const found = method === request.method && pattern.exec(decodeURIComponent(path))
    if (!found) continue
    if (found.groups?.id && path.startsWith('/api/conversations/') && !isConversation(found.groups.id)) {
      return refuse(response, 404, 'no-such-resource')
    }
    const answer = handle({ ...found.groups, q: url.searchParams, body, text, me })
    if (answer.problem) return json(response, answer.status, { ...answer.problem, request_id: newId() })
    if (answer.csv) {
      response.writeHead(200, { 'content-type': 'text/csv', 'content-disposition': 'attachment' })
      return response.end(answer.csv)
    }
    if (once) answers.set(once, answer.body)
    return json(response, answer.status, answer.body)
  }
  refuse(response, 404, 'no-such-route')
}

function file(request, response, path) {
  let name = join(DIST, path)
  const isAsset = path.startsWith('/assets/')
  if (!existsSync(name) || statSync(name).isDirectory()) {
    if (isAsset) return response.writeHead(404).end()
    name = join(DIST, 'index.html')
  }
  const type = extname(name)
  const headers = {
    'content-type': TYPES[type] ?? 'application/octet-stream',
    'cache-control': isAsset ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    ...(type === '.html' && { 'content-security-policy': CSP }),
  }
  if (request.headers['accept-encoding']?.includes('br') && existsSync(`${name}.br`)) {
    name += '.br'
    headers['content-encoding'] = 'br'
  }
  response.writeHead(200, headers).end(readFileSync(name))
}

const controls = {
  '/mock/stats': () => stats,
  '/mock/drop': () => drop(),
  '/mock/emit': ({ name, data }) => emit(name, data),
  '/mock/fail': ({ path, status }) => (status ? failing.set(path, status) : failing.delete(path)),
  '/mock/sign-everybody-out': () => sessions.clear(),
  '/mock/text': ({ n = 0, body = 'Hola' }) => {
    conversations[n].unread++
    add(conversations[n], { direction: 'inbound', author: 'contact', body, status: 'received' }, 'text_received')
  },
}

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock')
  const control = controls[url.pathname]
  if (control) return json(response, 200, control(JSON.parse((await read(request)) || '{}')) ?? {})
  if (url.pathname.startsWith('/api/')) return api(request, response, url)
  file(request, response, url.pathname)
}).listen(PORT, '127.0.0.1', () => console.log(`mock on http://127.0.0.1:${PORT}`))

if (process.env.CHATTER !== '0') {
  setInterval(() => {
    const c = conversations[Math.floor(Math.random() * 40)]
    c.unread = Math.min(9, c.unread + 1)
    add(c, { direction: 'inbound', author: 'contact', body: pick(CUSTOMER_SAYS), status: 'received' }, 'text_received')
  }, 4000)
}
