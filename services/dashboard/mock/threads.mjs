// The messages of a conversation: made when they are first asked for, and kept.
import { CUSTOMER_SAYS, indexOf, newId, order, WE_SAY } from './data.mjs'
import { changed } from './live.mjs'

const LENGTH = 130
const threads = new Map()
const FAILURES = [30003, 30005, 30007, 21610]

function made(conversation) {
  const n = indexOf(conversation.id)
  const end = Date.parse(conversation.last_message_at)
  return Array.from({ length: LENGTH }, (_, i) => {
    const author = ['contact', 'person', 'contact', 'assistant', 'contact', 'static_response'][i % 6]
    const theirs = author === 'contact'
    const at = new Date(end - (LENGTH - 1 - i) * 3_700_000).toISOString()
    const failed = !theirs && i % 31 === 3
    const isLast = i === LENGTH - 1
    const last = conversation.last_message
    return message(conversation, {
      id: `0193e000-0000-7000-8${String(n % 1000).padStart(3, '0')}-${String(Math.floor(n / 1000) * 1000 + i).padStart(12, '0')}`,
      direction: isLast ? last.direction : theirs ? 'inbound' : 'outbound',
      author: isLast ? last.author : i === 0 ? 'campaign' : author,
      author_user: author === 'person' ? { id: '0193-lucia', name: 'Lucía Ortega' } : null,
      body: isLast ? last.body : theirs ? CUSTOMER_SAYS[(i * 7 + n) % CUSTOMER_SAYS.length] : WE_SAY[i % 3],
      status: isLast ? last.status : theirs ? 'received' : failed ? 'undelivered' : 'delivered',
      error_code: failed ? FAILURES[Math.floor(i / 31) % FAILURES.length] : null,
      created_at: at,
      sent_at: theirs ? null : at,
      finished_at: theirs ? null : at,
    })
  })
}

function message(conversation, fields) {
  return {
    conversation_id: conversation.id,
    author_user: null,
    purpose: 'conversation',
    num_media: 0,
    segments: 1,
    encoding: 'gsm7',
    error_code: null,
    ended_why: null,
    number: conversation.from_twilio_number,
    send_after: null,
    sent_at: null,
    finished_at: null,
    in_reply_to: null,
    ...fields,
  }
}

export function thread(conversation) {
  let messages = threads.get(conversation.id)
  if (!messages) {
    messages = made(conversation)
    threads.set(conversation.id, messages)
  }
  return messages
}

export function messagesPage(conversation, before, limit) {
  const all = thread(conversation)
  const end = before ? all.findIndex((found) => found.id === before) : all.length
  const from = Math.max(0, end - limit)
  return { items: all.slice(from, end), has_older: from > 0 }
}

/** Adds a message and tells everybody; ours is then sent and delivered, a moment apart. */
export function add(conversation, fields, what) {
  const now = new Date().toISOString()
  const added = message(conversation, { id: newId(), created_at: now, ...fields })
  thread(conversation).push(added)
  touch(conversation, added)
  changed(what, conversation, added)
  return added
}

export function touch(conversation, message) {
  conversation.last_message = {
    body: message.body.slice(0, 160),
    direction: message.direction,
    author: message.author,
    status: message.status,
  }
  conversation.last_message_at = new Date().toISOString()
  order.isStale = true
}

export function deliver(conversation, message) {
  const step = (status, what, fields = {}) => {
    if (message.status === 'canceled') return
    Object.assign(message, { status, ...fields })
    if (conversation.last_message.body === message.body.slice(0, 160)) conversation.last_message.status = status
    changed(what, conversation, message)
  }
  const wait = Math.max(0, Date.parse(message.send_after ?? new Date()) - Date.now())
  if (wait > 2 ** 31) return
  setTimeout(() => step('sent', 'text_sent', { sent_at: new Date().toISOString() }), wait + 700)
  setTimeout(() => {
    const fails = message.body.includes('30003')
    step(fails ? 'undelivered' : 'delivered', fails ? 'text_failed' : 'text_delivered', {
      finished_at: new Date().toISOString(),
      error_code: fails ? 30003 : null,
    })
  }, wait + 1600)
}
