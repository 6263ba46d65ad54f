// The mock's data: one account with 100,000 conversations, made from a fixed seed so that pictures repeat.
import { randomUUID } from 'node:crypto'

let seed = 42
/** The next number of the seed, from 0 to 1. */
export function random() {
  seed = (seed * 1664525 + 1013904223) >>> 0
  return seed / 4294967296
}
export const pick = (list) => list[Math.floor(random() * list.length)]
export const id = (kind, n) => `0193${kind}00-0000-7000-8000-${String(n).padStart(12, '0')}`
export const indexOf = (uuid) => Number(uuid.slice(-12))
export const newId = () => randomUUID()

const FIRST =
  'Mariana,José Luis,Guadalupe,Alejandro,Fernanda,Ximena,Rodrigo,Itzel,Santiago,Valeria,Emiliano,Renata,Diego,Paola,Cuauhtémoc,Regina'
const LAST = 'Hernández,García Peña,Martínez,López Núñez,Sánchez,Ramírez,Cruz,Flores,Gómez,Morales,Vázquez,Ibáñez'
export const CUSTOMER_SAYS = [
  'Sí, me interesa. ¿Me puede mandar los precios?',
  'Gracias, lo reviso y le confirmo mañana.',
  '¿Hacen entregas en Coyoacán?',
  'Perfecto, quedamos el jueves a las 4',
  '¿El precio ya incluye IVA?',
  'Le paso el contacto de compras',
  'Can you send me the quote in English?',
  'Ok 👍',
  '¿Siguen teniendo la promoción de noviembre?',
]
export const WE_SAY = [
  '¡Hola! Le escribe Lucía de Hilo. ¿Tiene un minuto?',
  'Claro que sí, le comparto la lista de precios vigente. El precio incluye IVA y la entrega en la Ciudad de México no tiene costo.',
  'Con gusto. ¿Le queda bien el jueves a las 16:00?',
]

export const account = {
  id: id('ac', 1),
  name: 'Ferretería del Valle',
  time_zone: 'America/Mexico_City',
  language: 'es',
  created_at: '2026-01-10T16:00:00Z',
}
const person = (n, name, email, role, extra = {}) => ({
  id: id('05', n),
  email,
  name,
  role,
  disabled: false,
  second_factor: n === 1,
  created_at: '2026-01-10T16:00:00Z',
  last_seen_at: new Date(Date.now() - n * 5_400_000).toISOString(),
  ...extra,
})
export const users = [
  person(1, 'Lucía Ortega', 'lucia@example.mx', 'owner'),
  person(2, 'Omar Salas', 'omar@example.mx', 'admin'),
  person(3, 'Karen Ibarra', 'karen@example.mx', 'agent'),
  person(4, 'Beto Nava', 'beto@example.mx', 'viewer', { last_seen_at: null }),
  person(5, 'Iván Ríos', 'ivan@example.mx', 'agent', { disabled: true }),
]
export const asPerson = (user) => (user ? { id: user.id, name: user.name } : null)

export const labels = [
  { id: id('1a', 1), name: 'Cotización', color: 'cielo' },
  { id: id('1a', 2), name: 'Cliente frecuente', color: 'agave' },
  { id: id('1a', 3), name: 'Urgente', color: 'grana' },
  { id: id('1a', 4), name: 'Factura pendiente', color: 'cempa' },
]

const HEALTH = { 3: 'quarantined', 5: 'paused', 7: 'over_budget', 9: 'off' }
export const numbers = Array.from({ length: 16 }, (_, i) => ({
  id: id('4b', i),
  phone_number: `+5255${String(41000000 + i * 137511).padStart(8, '0')}`,
  label: i === 0 ? 'Ventas centro' : `Línea ${i + 1}`,
  rotation_enabled: HEALTH[i] !== 'off',
  rotation_priority: 50,
  new_recipients_per_day: 200,
  new_recipients_today: i === 7 ? 200 : 20 + ((i * 37) % 120),
  segments_per_second: 1,
  quarantined_until: i === 3 ? new Date(Date.now() + 40 * 3_600_000).toISOString() : null,
  paused_until: i === 5 ? new Date(Date.now() + 600_000).toISOString() : null,
  paused_code: i === 5 ? 30007 : null,
  last_used_at: new Date(Date.now() - i * 61_000).toISOString(),
  uses: 5_000 - i * 211,
  active_conversations: 6_250 - i * 13,
  total_messages: 61_000 - i * 1_733,
  health: HEALTH[i] ?? 'ok',
}))

const TOTAL = Number(process.env.CONVERSATIONS ?? 100_000)
const phone = () => `+52${pick(['55', '33', '81', '56'])}${String(Math.floor(random() * 1e8)).padStart(8, '0')}`

/** Whether a conversation has moved since the list was last sorted. */
export const order = { isStale: false }

/** Made newest first. */
export const conversations = new Array(TOTAL)
let at = Date.now()
for (let i = 0; i < TOTAL; i++) {
  at -= Math.floor(random() * 90_000)
  const number = pick(numbers)
  const owner = random() < 0.4 ? pick(users.slice(0, 3)) : null
  const theirs = random() < 0.5
  const handed = random() < 0.12
  const to = phone()
  const when = new Date(at).toISOString()
  conversations[i] = {
    id: id('c0', i),
    contact: {
      id: id('cc', i),
      phone_number: to,
      name: i % 23 === 5 ? '' : `${pick(FIRST.split(','))} ${pick(LAST.split(','))}`,
      language: pick(['es', 'es', 'es', 'en', null]),
      unreachable_code: i % 211 === 17 ? 30006 : null,
    },
    to_number: to,
    number_id: number.id,
    from_twilio_number: number.phone_number,
    number_label: number.label,
    conversation_status: random() < 0.82 ? 'active' : random() < 0.8 ? 'inactive' : 'blocked',
    user: asPerson(owner),
    assistant: handed ? 'handed_over' : 'on',
    handed_over_why: handed ? pick(['person', 'assistant', 'sensitive', 'budget']) : null,
    handed_over_at: handed ? when : null,
    opted_out_at: i % 97 === 6 ? when : null,
    unread: i < 4000 && random() < 0.25 ? 1 + Math.floor(random() * 4) : 0,
    labels: random() < 0.3 ? [pick(labels)] : [],
    last_message: {
      body: theirs ? pick(CUSTOMER_SAYS) : pick(WE_SAY),
      direction: theirs ? 'inbound' : 'outbound',
      author: theirs ? 'contact' : pick(['assistant', 'assistant', 'person', 'static_response']),
      status: theirs ? 'received' : i % 41 === 3 ? 'undelivered' : 'delivered',
    },
    last_message_at: when,
    created_at: new Date(at - 20 * 86_400_000).toISOString(),
  }
}

/** The contact of a conversation as the contacts page lists it. */
export function contactOf(conversation) {
  return {
    ...conversation.contact,
    conversation_id: conversation.id,
    from_twilio_number: conversation.from_twilio_number,
    opted_out_at: conversation.opted_out_at,
    created_at: conversation.created_at,
  }
}
