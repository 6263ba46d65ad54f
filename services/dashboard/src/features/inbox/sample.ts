import type { Conversation, Message } from './queries'

/** A conversation for tests. */
export function aConversation(change: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c1',
    contact: { id: 'p1', phone_number: '+525512345678', name: 'Mariana López', language: 'es', unreachable_code: null },
    to_number: '+525512345678',
    number_id: 'n1',
    from_twilio_number: '+525541000000',
    number_label: 'Centro',
    conversation_status: 'active',
    user: null,
    assistant: 'on',
    handed_over_why: null,
    handed_over_at: null,
    opted_out_at: null,
    unread: 0,
    labels: [],
    last_message: null,
    last_message_at: '2026-11-23T04:30:00Z',
    created_at: '2026-11-01T00:00:00Z',
    ...change,
  }
}

/** A message for tests. */
export function aMessage(change: Partial<Message> = {}): Message {
  return {
    id: 'm1',
    conversation_id: 'c1',
    direction: 'inbound',
    author: 'contact',
    author_user: null,
    purpose: 'conversation',
    body: 'Hola',
    num_media: 0,
    segments: 1,
    encoding: 'gsm7',
    status: 'received',
    error_code: null,
    ended_why: null,
    number: '+525541000000',
    created_at: '2026-11-23T04:30:00Z',
    send_after: null,
    sent_at: null,
    finished_at: null,
    in_reply_to: null,
    ...change,
  }
}
