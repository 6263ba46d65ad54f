// Everything that is not the inbox: contacts, imports, numbers, the assistant, people, settings.
import { asPerson, contactOf, conversations, indexOf, newId, numbers } from './data.mjs'
import { emit } from './live.mjs'
import { peopleRoutes } from './people.mjs'

const ok = (body, status = 200) => ({ status, body })
const problem = (status, code, fields) => ({
  status,
  problem: { type: 'about:blank', title: code, status, code, fields },
})
const now = () => new Date().toISOString()
const remove = (list, id) => {
  const at = list.findIndex((item) => item.id === id)
  if (at < 0) return problem(404, 'no-such-resource')
  list.splice(at, 1)
  return ok(null, 204)
}

const imports = []
const rules = [
  {
    id: newId(),
    name: 'Horario',
    kind: 'keyword',
    pattern: 'horario',
    body: 'Abrimos de lunes a sábado de 9:00 a 18:00.',
    language: 'es',
    priority: 10,
    hours: 'always',
    enabled: true,
    segments: 1,
  },
  {
    id: newId(),
    name: 'Ubicación',
    kind: 'phrase',
    pattern: 'dónde están',
    body: 'Estamos en Av. Insurgentes Sur 123, Del Valle.',
    language: 'es',
    priority: 20,
    hours: 'always',
    enabled: true,
    segments: 1,
  },
  {
    id: newId(),
    name: 'Cerrado',
    kind: 'regex',
    pattern: '.*',
    body: 'Gracias por escribir. Le respondemos mañana a partir de las 9.',
    language: null,
    priority: 90,
    hours: 'closed',
    enabled: false,
    segments: 1,
  },
]
const profile = {
  enabled: true,
  display_name: 'Ferretería del Valle',
  instructions: 'Responda con amabilidad, en una sola oración cuando se pueda.',
  facts: 'Entregas sin costo en la Ciudad de México desde $500.\nTodos los precios incluyen IVA.',
  max_segments: 2,
  debounce_ms: 4000,
  max_replies_per_day: 20,
  max_tokens_per_day: 200000,
  open_days: 63,
  open_from_minute: 540,
  open_to_minute: 1080,
  help_text: 'Ferretería del Valle. Responda BAJA para no recibir más mensajes.',
  updated_at: now(),
  replies_today: 128,
  tokens_today: 61233,
  model: 'claude-sonnet',
}

function contacts(q) {
  const text = q.get('q')?.toLowerCase()
  const digits = text?.replace(/\D/g, '')
  const found = text
    ? conversations.filter(
        (c) => c.contact.name.toLowerCase().includes(text) || (digits && c.to_number.includes(digits)),
      )
    : conversations
  const offset = Number(q.get('offset') ?? 0)
  const limit = Math.min(200, Number(q.get('limit') ?? 50))
  return ok({ items: found.slice(offset, offset + limit).map(contactOf), total: found.length, as_of: now() })
}

function startImport({ q, text, me }) {
  const rows = text.split('\n').filter((line) => line.trim()).length - 1
  const job = {
    id: newId(),
    file_name: q.get('file_name'),
    state: 'running',
    rows_total: rows,
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
    if (job.state === 'running') {
      const step = Math.min(Math.ceil(rows / 20) || 1, rows - job.rows_done)
      job.rows_done += step
      job.created += step
      if (job.rows_done >= rows) Object.assign(job, { state: 'finished', finished_at: now() })
    }
    emit('import_progressed', { import: job })
    if (job.state !== 'running') clearInterval(timer)
  }, 300)
  return ok(job, 202)
}

function tryText({ body }) {
  const rule = rules.find(
    (found) => found.enabled && found.kind !== 'regex' && body.text.toLowerCase().includes(found.pattern),
  )
  const seen = rules.map(({ id, name }) => ({
    id,
    name,
    matched: id === rule?.id,
    why: id === rule?.id ? 'matched' : 'no-match',
  }))
  const common = { rules: seen, note: '', model: null, input_tokens: 0, output_tokens: 0, model_ms: 0, rule: null }
  if (rule) {
    return ok({
      ...common,
      would: 'static_response',
      body: rule.body,
      segments: 1,
      encoding: 'gsm7',
      rule: { id: rule.id, name: rule.name },
      why: 'rule-matched',
    })
  }
  return ok({
    ...common,
    would: 'assistant',
    body: 'Con gusto. ¿Qué producto busca?',
    segments: 1,
    encoding: 'gsm7',
    why: 'answered',
    model: profile.model,
    input_tokens: 812,
    output_tokens: 19,
    model_ms: 930,
  })
}

const numberOf = (id) => numbers.find((number) => number.id === id)
const csv = (text) => ({ status: 200, csv: text })

/** Routes as in inbox.mjs. */
export const houseRoutes = {
  'GET /api/contacts': ({ q }) => contacts(q),
  'POST /api/contacts': ({ body }) => {
    if (conversations.some((c) => c.to_number === body.phone_number)) return problem(409, 'contact-exists')
    if (!/^\+\d{10,15}$/.test(body.phone_number))
      return problem(422, 'invalid', [{ path: 'phone_number', code: 'not-a-phone-number' }])
    return ok(
      {
        id: newId(),
        phone_number: body.phone_number,
        name: body.name ?? '',
        language: body.language ?? null,
        unreachable_code: null,
        conversation_id: null,
        from_twilio_number: null,
        opted_out_at: null,
        created_at: now(),
      },
      201,
    )
  },
  'GET /api/contacts/export': () => csv('telefono,nombre\n+525512345678,Mariana\n'),
  'POST /api/contacts/imports': startImport,
  'GET /api/contacts/imports': () => ok({ items: imports }),
  'GET /api/contacts/imports/:id': ({ id }) => ok(imports.find((job) => job.id === id)),
  'POST /api/contacts/imports/:id/cancel': ({ id }) =>
    ok(
      Object.assign(
        imports.find((job) => job.id === id),
        { state: 'cancelled', finished_at: now() },
      ),
    ),
  'GET /api/contacts/imports/:id/rejected': () => csv('telefono,nombre,line,reason\n123,Nadie,4,not-a-phone-number\n'),
  'GET /api/contacts/:id': ({ id }) => ok(contactOf(conversations[indexOf(id)])),
  'PATCH /api/contacts/:id': ({ id, body }) => {
    Object.assign(conversations[indexOf(id)].contact, body)
    return ok(contactOf(conversations[indexOf(id)]))
  },
  'DELETE /api/contacts/:id': () =>
    ok({
      deleted: { messages: 130, conversations: 1, notes: 2 },
      remains: [
        { what: 'provider_records', why: 'Twilio keeps its own log for 400 days.' },
        { what: 'figures', why: 'Counts without a name.' },
      ],
    }),
  'GET /api/numbers': () => ok({ items: numbers }),
  'GET /api/numbers/available': () =>
    ok({
      items: [
        ...numbers.slice(0, 2).map((n) => ({ phone_number: n.phone_number, label: n.label, in_use: true })),
        { phone_number: '+525598765432', label: 'Nuevo CDMX', in_use: false },
      ],
    }),
  'POST /api/numbers': ({ body }) => {
    if (numbers.some((n) => n.phone_number === body.phone_number)) return problem(409, 'number-taken')
    numbers.push({
      ...numbers[0],
      uses: 0,
      active_conversations: 0,
      total_messages: 0,
      new_recipients_today: 0,
      last_used_at: null,
      ...body,
      id: newId(),
    })
    emit('numbers_changed', {})
    return ok(numbers.at(-1), 201)
  },
  'GET /api/numbers/:id': ({ id }) => ok(numberOf(id)),
  'PATCH /api/numbers/:id': ({ id, body }) => {
    const number = Object.assign(numberOf(id), body)
    number.health = !number.rotation_enabled ? 'off' : number.quarantined_until ? 'quarantined' : 'ok'
    emit('numbers_changed', {})
    return ok(number)
  },
  'GET /api/assistant': () => ok(profile),
  'PUT /api/assistant': ({ body }) => ok(Object.assign(profile, body, { updated_at: now() })),
  'POST /api/assistant/try': tryText,
  'GET /api/assistant/runs': ({ q }) =>
    ok({
      items: Array.from({ length: Math.min(5, Number(q.get('limit') ?? 5)) }, (_, i) => ({
        id: newId(),
        message_id: null,
        source: i % 2 ? 'static_response' : 'assistant',
        rule: i % 2 ? { id: rules[0].id, name: rules[0].name } : null,
        model: i % 2 ? null : profile.model,
        outcome: 'answered',
        note: '',
        input_tokens: 812,
        output_tokens: 33,
        model_ms: 930,
        created_at: now(),
      })),
    }),
  'GET /api/static-responses': () => ok({ items: rules }),
  'POST /api/static-responses': ({ body }) => {
    if (rules.some((rule) => rule.name === body.name)) return problem(409, 'rule-exists')
    rules.push({ ...body, id: newId(), segments: 1 })
    return ok(rules.at(-1), 201)
  },
  'PUT /api/static-responses/:id': ({ id, body }) =>
    ok(
      Object.assign(
        rules.find((rule) => rule.id === id),
        body,
      ),
    ),
  'DELETE /api/static-responses/:id': ({ id }) => remove(rules, id),
  ...peopleRoutes,
}
