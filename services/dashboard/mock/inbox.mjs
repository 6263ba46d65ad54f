// Conversations, messages, notes, labels and the sandbox's phones.
import { asPerson, conversations, id, indexOf, labels, newId, numbers, order, users } from './data.mjs'
import { changed } from './live.mjs'
import { add, deliver, messagesPage, thread } from './threads.mjs'

const notes = new Map()
const optOuts = new Map()
const assigned = new Map()
const find = (uuid) => conversations[indexOf(uuid)]
export const isConversation = (uuid) => find(uuid) !== undefined
const problem = (status, code, fields) => ({
  status,
  problem: { type: 'about:blank', title: code, status, code, fields },
})
const ok = (body, status = 200) => ({ status, body })

function matches(c, q, me) {
  const text = q.get('q')?.toLowerCase()
  const digits = text?.replace(/\D/g, '')
  const owner = q.get('owner')
  return (
    (!q.get('status') || c.conversation_status === q.get('status')) &&
    (!owner || (owner === 'none' ? !c.user : c.user?.id === (owner === 'me' ? me.id : owner))) &&
    (!q.get('number_id') || c.number_id === q.get('number_id')) &&
    (!q.get('label_id') || c.labels.some((label) => label.id === q.get('label_id'))) &&
    (!q.get('from') || c.last_message_at >= q.get('from')) &&
    (!q.get('to') || c.last_message_at < q.get('to')) &&
    (!q.get('unread') || c.unread > 0) &&
    (!q.get('handed_over') || c.assistant === 'handed_over') &&
    (!text || c.contact.name.toLowerCase().includes(text) || (digits && c.to_number.includes(digits)))
  )
}

/** Newest first; sorted again only when a conversation has moved. */
let sorted = conversations
function inOrder() {
  if (order.isStale || sorted.length !== conversations.length) {
    sorted = [...conversations].sort((a, b) => (a.last_message_at < b.last_message_at ? 1 : -1))
    order.isStale = false
  }
  return sorted
}

const FILTERS = ['status', 'owner', 'number_id', 'label_id', 'from', 'to', 'unread', 'handed_over', 'q']
function list(q, me) {
  const asOf = q.get('as_of')
  const since = asOf ? inOrder().findIndex((c) => c.last_message_at <= asOf) : 0
  const known = inOrder().slice(Math.max(0, since))
  const found = FILTERS.some((name) => q.get(name)) ? known.filter((c) => matches(c, q, me)) : known
  const offset = Number(q.get('offset') ?? 0)
  const limit = Math.min(200, Number(q.get('limit') ?? 50))
  return { items: found.slice(offset, offset + limit), total: found.length, as_of: asOf ?? new Date().toISOString() }
}

function history(c) {
  if (!assigned.has(c.id)) {
    assigned.set(c.id, [
      {
        number_id: c.number_id,
        phone_number: c.from_twilio_number,
        label: c.number_label,
        assigned_reason: indexOf(c.id) % 3 === 0 ? 'written_to' : 'rotation',
        assigned_note: null,
        assigned_by: null,
        assigned_at: c.created_at,
        retired_at: null,
      },
    ])
  }
  return assigned.get(c.id)
}

function send(c, body, me) {
  if (!body.body?.trim()) return problem(422, 'unexpected-json', [{ path: 'body', code: 'required' }])
  if (c.opted_out_at) return problem(409, 'opted-out')
  if (c.conversation_status === 'blocked') return problem(409, 'blocked')
  if (c.contact.unreachable_code) return problem(409, 'unreachable')
  c.assistant = 'handed_over'
  c.handed_over_why = 'person'
  c.handed_over_at = new Date().toISOString()
  const sent = add(
    c,
    {
      direction: 'outbound',
      author: 'person',
      author_user: asPerson(me),
      body: body.body,
      status: 'queued',
      send_after: body.send_at ?? null,
    },
    'text_queued',
  )
  deliver(c, sent)
  return ok(sent, 201)
}

function start(body, me) {
  const to = body.phone_number.replace(/[^\d+]/g, '')
  if (!/^\+\d{10,15}$/.test(to))
    return problem(422, 'unexpected-json', [{ path: 'phone_number', code: 'not-a-phone-number' }])
  let c = conversations.find((found) => found.to_number === to)
  const existed = c !== undefined
  if (!c) {
    c = structuredClone(conversations[0])
    const number = numbers[conversations.length % 3]
    Object.assign(c, {
      id: id('c0', conversations.length),
      contact: {
        ...c.contact,
        id: id('cc', conversations.length),
        name: body.name ?? '',
        phone_number: to,
        unreachable_code: null,
      },
      to_number: to,
      number_id: number.id,
      from_twilio_number: number.phone_number,
      number_label: number.label,
      user: null,
      labels: [],
      unread: 0,
      opted_out_at: null,
      last_message: { body: '', direction: 'outbound', author: 'system', status: 'sent' },
      last_message_at: new Date().toISOString(),
      created_at: new Date().toISOString(),
    })
    conversations.push(c)
    thread(c).length = 0
    changed('started', c)
  }
  const sent = body.body ? send(c, body, me) : null
  return sent?.problem ? sent : ok({ conversation: c, message: sent?.body ?? null }, existed ? 200 : 201)
}

const change = (c, fields, what, message) => {
  Object.assign(c, fields)
  changed(what, c, message)
  return ok(c)
}
const now = () => new Date().toISOString()
const opted = (c, evidence) => {
  optOuts.set(c.id, [
    { id: newId(), source: 'person', evidence, opted_out_at: now(), revoked_at: null, revoked_evidence: null },
    ...(optOuts.get(c.id) ?? []),
  ])
  return change(c, { opted_out_at: now() }, 'opted_out')
}

/** Routes of the conversations service: `METHOD /path/with/:id` to (request) => answer. */
export const inboxRoutes = {
  'GET /api/conversations/': ({ q, me }) => ok(list(q, me)),
  'GET /api/conversations/counts': ({ me }) => {
    const count = (test) => Math.min(10_000, conversations.filter(test).length)
    return ok({
      total: conversations.length,
      unread: count((c) => c.unread > 0),
      handed_over: count((c) => c.assistant === 'handed_over'),
      mine_unread: count((c) => c.unread > 0 && c.user?.id === me.id),
    })
  },
  'POST /api/conversations/start': ({ body, me }) => start(body, me),
  'GET /api/conversations/:id': ({ id }) => (find(id) ? ok(find(id)) : problem(404, 'no-such-resource')),
  'GET /api/conversations/:id/messages': ({ id, q }) =>
    ok(messagesPage(find(id), q.get('before'), Number(q.get('limit') ?? 50))),
  'POST /api/conversations/:id/messages': ({ id, body, me }) => send(find(id), body, me),
  'DELETE /api/conversations/:id/messages/:other': ({ id, other }) => {
    const message = thread(find(id)).find((found) => found.id === other)
    if (message.status !== 'queued') return problem(409, 'already-left')
    message.status = 'canceled'
    changed('text_failed', find(id), message)
    return ok(message)
  },
  'PATCH /api/conversations/:id/status': ({ id, body }) => change(find(id), body, 'status'),
  'PATCH /api/conversations/:id/owner': ({ id, body }) =>
    change(find(id), { user: asPerson(users.find((user) => user.id === body.user_id)) }, 'owner'),
  'GET /api/conversations/:id/numbers': ({ id }) => ok({ items: history(find(id)) }),
  'POST /api/conversations/:id/number': ({ id, body, me }) => {
    const c = find(id)
    const number = numbers.find((found) => found.id === body.number_id)
    if (c.opted_out_at) return problem(409, 'opted-out')
    if (!number) return problem(422, 'invalid', [{ path: 'number_id', code: 'not-your-number' }])
    history(c)[0].retired_at = now()
    history(c).unshift({
      number_id: number.id,
      phone_number: number.phone_number,
      label: number.label,
      assigned_reason: 'person',
      assigned_note: body.reason,
      assigned_by: asPerson(me),
      assigned_at: now(),
      retired_at: null,
    })
    const fields = { number_id: number.id, from_twilio_number: number.phone_number, number_label: number.label }
    return change(c, fields, 'reassigned')
  },
  'PUT /api/conversations/:id/read': ({ id }) => change(find(id), { unread: 0 }, 'read'),
  'DELETE /api/conversations/:id/read': ({ id }) => change(find(id), { unread: Math.max(1, find(id).unread) }, 'read'),
  'GET /api/conversations/:id/notes': ({ id }) => ok({ items: notes.get(id) ?? [] }),
  'POST /api/conversations/:id/notes': ({ id, body, me }) => {
    const note = { id: newId(), body: body.body, author: asPerson(me), created_at: now() }
    notes.set(id, [note, ...(notes.get(id) ?? [])])
    changed('note', find(id))
    return ok(note, 201)
  },
  'DELETE /api/conversations/:id/notes/:other': ({ id, other }) => {
    notes.set(
      id,
      (notes.get(id) ?? []).filter((note) => note.id !== other),
    )
    return ok(null, 204)
  },
  'PUT /api/conversations/:id/labels': ({ id, body }) =>
    change(find(id), { labels: labels.filter((label) => body.label_ids.includes(label.id)) }, 'labels'),
  'POST /api/conversations/:id/take-over': ({ id }) =>
    change(find(id), { assistant: 'handed_over', handed_over_why: 'person', handed_over_at: now() }, 'assistant'),
  'POST /api/conversations/:id/hand-back': ({ id }) =>
    change(find(id), { assistant: 'on', handed_over_why: null, handed_over_at: null }, 'assistant'),
  'GET /api/conversations/:id/opt-outs': ({ id }) => {
    const c = find(id)
    const keyword = {
      id: newId(),
      source: 'keyword',
      evidence: 'BAJA',
      opted_out_at: c.opted_out_at,
      revoked_at: null,
      revoked_evidence: null,
    }
    return ok({ items: optOuts.get(id) ?? (c.opted_out_at ? [keyword] : []) })
  },
  'POST /api/conversations/:id/opt-out': ({ id, body }) => opted(find(id), body.evidence),
  'POST /api/conversations/:id/opt-in': ({ id, body }) => {
    const latest = optOuts.get(id)?.[0]
    if (latest) Object.assign(latest, { revoked_at: now(), revoked_evidence: body.evidence })
    return change(find(id), { opted_out_at: null }, 'opted_in')
  },
  'GET /api/labels': () => ok({ items: labels }),
  'POST /api/labels': ({ body }) => {
    if (labels.some((label) => label.name === body.name)) return problem(409, 'label-exists')
    labels.push({ id: newId(), ...body })
    return ok(labels.at(-1), 201)
  },
  'PATCH /api/labels/:id': ({ id, body }) =>
    ok(
      Object.assign(
        labels.find((label) => label.id === id),
        body,
      ),
    ),
  'DELETE /api/labels/:id': ({ id }) => {
    labels.splice(
      labels.findIndex((label) => label.id === id),
      1,
    )
    return ok(null, 204)
  },
  'GET /api/sandbox/phones': () =>
    ok({ items: conversations.slice(0, 4).map((c) => ({ phone_number: c.to_number, last: c.last_message.body })) }),
  'GET /api/sandbox/phones/:id': ({ id }) => {
    const c = conversations.find((found) => found.to_number === id)
    if (!c) return ok({ items: [] })
    const seen = (m) => ({
      direction: m.direction === 'inbound' ? 'out' : 'in',
      from: m.direction === 'inbound' ? c.to_number : m.number,
      to: m.direction === 'inbound' ? m.number : c.to_number,
      body: m.body,
      at: m.created_at,
      status: m.status,
    })
    return ok({ items: thread(c).slice(-30).map(seen) })
  },
  'POST /api/sandbox/texts': ({ body, me }) => {
    let c = conversations.find((found) => found.to_number === body.from)
    if (!c) c = start({ phone_number: body.from }, me).body.conversation
    c.unread++
    add(c, { direction: 'inbound', author: 'contact', body: body.body, status: 'received' }, 'text_received')
    if (/^(baja|alto|stop)$/i.test(body.body.trim())) opted(c, body.body.trim())
    else if (c.assistant === 'on') {
      setTimeout(() => {
        const reply = add(
          c,
          {
            direction: 'outbound',
            author: 'assistant',
            body: 'Con gusto le ayudo. ¿Qué producto busca?',
            status: 'queued',
          },
          'text_queued',
        )
        deliver(c, reply)
      }, 1500)
    }
    return ok({ sid: 'SM0123' }, 202)
  },
}
