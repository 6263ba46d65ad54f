// What the pages beside the inbox can be refused, and what they leave behind: created and deleted contacts, imports
// row by row, roles that may not be touched, patterns that are no regex. These routes stand over those of house.mjs.
import { asPerson, newId, users } from './data.mjs'
import { houseRoutes } from './house.mjs'
import { emit } from './live.mjs'

const ok = (body, status = 200) => ({ status, body })
const problem = (status, code, fields) => ({
  status,
  problem: { type: 'about:blank', title: code, status, code, fields },
})
const now = () => new Date().toISOString()

const created = []
const deleted = new Set()
const find = (id) => created.find((contact) => contact.id === id)

/** Those created here come first, then the hundred thousand that are made from the seed. */
function listContacts({ q, ...rest }) {
  const text = q.get('q')?.toLowerCase()
  const mine = created.filter((c) => !text || c.name.toLowerCase().includes(text) || c.phone_number.includes(text))
  const offset = Number(q.get('offset') ?? 0)
  const limit = Math.min(200, Number(q.get('limit') ?? 50))
  const first = mine.slice(offset, offset + limit)
  const others = new URLSearchParams(q)
  others.set('offset', Math.max(0, offset - mine.length))
  const { items, total } = houseRoutes['GET /api/contacts']({ q: others, ...rest }).body
  return ok({ items: [...first, ...items].slice(0, limit), total: total + mine.length, as_of: now() })
}

const imports = []
const STEPS = 20

/** What became of a row: a short phone is rejected, every fifth one we had already. */
function verdict(line, n, policy) {
  if (!/\d{10}/.test(line.replace(/[^\d;,\t]/g, ''))) return 'rejected'
  if (n % 5 === 4) return policy === 'skip' ? 'skipped' : 'updated'
  return 'created'
}

function startImport({ q, text, me }) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim())
  const rows = lines.slice(1)
  const job = {
    id: newId(),
    file_name: q.get('file_name'),
    state: 'waiting',
    rows_total: rows.length,
    rows_done: 0,
    created: 0,
    updated: 0,
    skipped: 0,
    rejected: 0,
    started_by: asPerson(me),
    created_at: now(),
    finished_at: null,
    failure: null,
  }
  imports.unshift(job)
  const timer = setInterval(() => {
    if (job.state === 'waiting') job.state = 'running'
    if (job.state === 'running') {
      const to = Math.min(rows.length, job.rows_done + Math.max(1, Math.ceil(rows.length / STEPS)))
      for (let n = job.rows_done; n < to; n++) job[verdict(rows[n], n, q.get('on_duplicate'))]++
      job.rows_done = to
      if (to === rows.length) Object.assign(job, { state: 'finished', finished_at: now() })
    }
    emit('import_progressed', { import: job })
    if (job.state !== 'running') clearInterval(timer)
  }, 400)
  return ok(job, 202)
}

function changeUser({ id, body, me }) {
  const user = users.find((found) => found.id === id)
  const touchesOwner = user.role === 'owner' || body.role === 'owner'
  if (touchesOwner && (process.env.ROLE ?? me.role) !== 'owner') return problem(403, 'owners-only')
  const staysOwner = (body.role ?? user.role) === 'owner' && !(body.disabled ?? user.disabled)
  const others = users.some((other) => other !== user && other.role === 'owner' && !other.disabled)
  if (user.role === 'owner' && !staysOwner && !others) return problem(409, 'last-owner')
  return ok(Object.assign(user, body))
}

/** A rule whose pattern cannot be compiled is refused, on the field. */
function checked(route) {
  return (request) => {
    if (request.body.kind === 'regex') {
      try {
        new RegExp(request.body.pattern)
      } catch {
        return problem(422, 'invalid', [{ path: 'pattern', code: 'not-a-regex' }])
      }
    }
    return houseRoutes[route](request)
  }
}

/** Routes as in house.mjs. */
export const pageRoutes = {
  'GET /api/contacts': listContacts,
  'POST /api/contacts': (request) => {
    if (created.some((c) => c.phone_number === request.body.phone_number)) return problem(409, 'contact-exists')
    const answer = houseRoutes['POST /api/contacts'](request)
    if (answer.body) created.unshift(answer.body)
    return answer
  },
  'GET /api/contacts/:id': (request) => {
    if (deleted.has(request.id)) return problem(404, 'no-such-contact')
    const mine = find(request.id)
    return mine ? ok(mine) : houseRoutes['GET /api/contacts/:id'](request)
  },
  'PATCH /api/contacts/:id': (request) => {
    const mine = find(request.id)
    return mine ? ok(Object.assign(mine, request.body)) : houseRoutes['PATCH /api/contacts/:id'](request)
  },
  'DELETE /api/contacts/:id': (request) => {
    const at = created.findIndex((contact) => contact.id === request.id)
    if (at >= 0) created.splice(at, 1)
    deleted.add(request.id)
    return houseRoutes['DELETE /api/contacts/:id'](request)
  },
  'POST /api/contacts/imports': startImport,
  'GET /api/contacts/imports': () => ok({ items: imports }),
  'GET /api/contacts/imports/:id': ({ id }) => {
    const job = imports.find((found) => found.id === id)
    return job ? ok(job) : problem(404, 'no-such-import')
  },
  'POST /api/contacts/imports/:id/cancel': ({ id }) => {
    const job = imports.find((found) => found.id === id)
    return ok(Object.assign(job, { state: 'cancelled', finished_at: now() }))
  },
  'PATCH /api/users/:id': changeUser,
  'POST /api/static-responses': checked('POST /api/static-responses'),
  'PUT /api/static-responses/:id': checked('PUT /api/static-responses/:id'),
}
