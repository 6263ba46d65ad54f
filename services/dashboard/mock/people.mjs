// People, invitations, tokens, sessions, the account and the log of what was done.
import { account, asPerson, conversations, newId, users } from './data.mjs'

const ok = (body, status = 200) => ({ status, body })
const problem = (status, code, fields) => ({
  status,
  problem: { type: 'about:blank', title: code, status, code, fields },
})
const now = () => new Date().toISOString()
const page = (items, q) => {
  const offset = Number(q.get('offset') ?? 0)
  const limit = Math.min(200, Number(q.get('limit') ?? 50))
  return ok({ items: items.slice(offset, offset + limit), total: items.length, as_of: now() })
}
const remove = (list, id) => {
  const at = list.findIndex((item) => item.id === id)
  if (at < 0) return problem(404, 'no-such-resource')
  list.splice(at, 1)
  return ok(null, 204)
}

const tokens = []
const invitations = [
  {
    id: newId(),
    email: 'nora@example.mx',
    name: 'Nora Díaz',
    role: 'agent',
    invited_by: asPerson(users[0]),
    created_at: now(),
    expires_at: new Date(Date.now() + 3 * 864e5).toISOString(),
    accepted_at: null,
    url: null,
  },
]
const sessions = [
  {
    id: newId(),
    current: true,
    created_at: now(),
    last_seen_at: now(),
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0',
    address: '201.141.10.3',
  },
  {
    id: newId(),
    current: false,
    created_at: '2026-11-01T15:00:00Z',
    last_seen_at: '2026-11-20T15:00:00Z',
    user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Safari/605.1',
    address: '187.190.2.9',
  },
]
const audit = Array.from({ length: 240 }, (_, i) => ({
  id: newId(),
  at: new Date(Date.now() - i * 840_000).toISOString(),
  user: i % 9 === 8 ? null : asPerson(users[i % 3]),
  action: ['conversations:send', 'conversations:write', 'numbers:write', 'contacts:import'][i % 4],
  method: ['POST', 'PATCH', 'PATCH', 'POST'][i % 4],
  path: [
    '/api/conversations/{id}/messages',
    '/api/conversations/{id}/status',
    '/api/numbers/{id}',
    '/api/contacts/imports',
  ][i % 4],
  resource_id: conversations[i]?.id ?? null,
  status: [201, 200, 200, 202][i % 4],
  request_id: newId(),
}))

/** Routes as in inbox.mjs. */
export const peopleRoutes = {
  'GET /api/users': ({ q }) => page(users, q),
  'PATCH /api/users/:id': ({ id, body }) =>
    ok(
      Object.assign(
        users.find((user) => user.id === id),
        body,
      ),
    ),
  'GET /api/invitations': () => ok({ items: invitations }),
  'POST /api/invitations': ({ body, me }) => {
    const made = {
      id: newId(),
      name: '',
      ...body,
      invited_by: asPerson(me),
      created_at: now(),
      expires_at: new Date(Date.now() + 7 * 864e5).toISOString(),
      accepted_at: null,
      url: null,
    }
    invitations.unshift(made)
    return ok({ ...made, url: 'http://127.0.0.1:4400/invite/demo' }, 201)
  },
  'DELETE /api/invitations/:id': ({ id }) => remove(invitations, id),
  'GET /api/tokens': () => ok({ items: tokens }),
  'POST /api/tokens': ({ body }) => {
    const made = {
      id: newId(),
      expires_at: null,
      ...body,
      prefix: 'hilo_7fK2',
      created_at: now(),
      last_used_at: null,
      token: null,
    }
    tokens.unshift(made)
    return ok({ ...made, token: 'hilo_7fK2p9Qx0mV4' }, 201)
  },
  'DELETE /api/tokens/:id': ({ id }) => remove(tokens, id),
  'GET /api/account': () => ok(account),
  'PATCH /api/account': ({ body }) => ok(Object.assign(account, body)),
  'GET /api/audit': ({ q }) =>
    page(
      audit.filter(
        (entry) =>
          (!q.get('user_id') || entry.user?.id === q.get('user_id')) &&
          (!q.get('action') || entry.action === q.get('action')),
      ),
      q,
    ),
  'GET /api/sessions': () => ok({ items: sessions }),
  'DELETE /api/sessions': () => {
    sessions.splice(1)
    return ok(null, 204)
  },
  'DELETE /api/sessions/:id': ({ id }) => remove(sessions, id),
  'PUT /api/session/password': ({ body }) =>
    body.current === 'demo' ? ok(null, 204) : problem(422, 'invalid', [{ path: 'current', code: 'wrong-password' }]),
  'POST /api/session/second-factor': () =>
    ok(
      {
        secret: 'JBSWY3DPEHPK3PXP',
        otpauth_url: 'otpauth://totp/Hilo:lucia@example.mx?secret=JBSWY3DPEHPK3PXP&issuer=Hilo',
      },
      201,
    ),
  'POST /api/session/second-factor/confirm': ({ body }) =>
    body.code === '123456'
      ? ok({ recovery_codes: Array.from({ length: 10 }, (_, i) => `k7f2-${1000 + i * 731}`) })
      : problem(401, 'wrong-code'),
  'DELETE /api/session/second-factor': () => ok(null, 204),
}
