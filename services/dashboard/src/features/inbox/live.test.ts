import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConversationChanged } from '@/api/events'
import { applyConversationChange, editConversation, type Moved, moved } from './live'
import { type Conversation, type ConversationPage, keys } from './queries'
import { aConversation, aMessage } from './sample'
import type { Thread } from './thread-pages'

let client: QueryClient
const told: string[] = []
const hear = (event: Event) => told.push((event as CustomEvent<Moved>).detail.conversation.id)
const list = [...keys.list({}, 1), 0]
const change = (of: Partial<ConversationChanged>): ConversationChanged => ({
  type: 'conversation_changed',
  what: 'text_received',
  conversation: null,
  message: null,
  conversation_id: 'c1',
  ...of,
})
const rows = () => client.getQueryData<ConversationPage>(list)?.items ?? []

beforeEach(() => {
  client = new QueryClient()
  const items = [aConversation({ id: 'c0' }), aConversation(), aConversation({ id: 'c2' })]
  client.setQueryData<ConversationPage>(list, { items, total: 3, as_of: '2026-11-23T05:00:00Z' })
  client.setQueryData<Thread>(keys.messages('c1'), {
    pages: [{ items: [aMessage()], has_older: false }],
    pageParams: [undefined],
  })
  moved.addEventListener('moved', hear)
})
afterEach(() => {
  moved.removeEventListener('moved', hear)
  told.length = 0
  client.clear()
})

describe('a live event', () => {
  it('changes a row where it stands, and tells that its place in the order is another', () => {
    const conversation = aConversation({ unread: 2, last_message_at: '2026-11-23T06:00:00Z' })
    applyConversationChange(client, change({ conversation, message: aMessage({ id: 'm2', body: '¿Precio?' }) }))
    expect(rows().map(({ id }) => id)).toEqual(['c0', 'c1', 'c2'])
    expect(rows()[1]?.unread).toBe(2)
    expect(client.getQueryData<Conversation>(keys.one('c1'))?.unread).toBe(2)
    expect(client.getQueryData<Thread>(keys.messages('c1'))?.pages[0]?.items.map(({ id }) => id)).toEqual(['m1', 'm2'])
    expect(told).toEqual(['c1'])
  })

  it('tells nothing of a change that moves no row', () => {
    applyConversationChange(client, change({ what: 'read', conversation: aConversation({ unread: 0 }) }))
    expect(told).toEqual([])
  })

  it('tells of a conversation that no list holds yet', () => {
    applyConversationChange(
      client,
      change({ what: 'started', conversation: aConversation({ id: 'c9' }), conversation_id: 'c9' }),
    )
    expect(told).toEqual(['c9'])
    expect(rows()).toHaveLength(3)
  })

  it('forgets the thread of a contact that was deleted', () => {
    applyConversationChange(client, change({ what: 'deleted' }))
    expect(client.getQueryData(keys.messages('c1'))).toBeUndefined()
  })

  it('leaves threads alone that nobody has opened', () => {
    applyConversationChange(
      client,
      change({ conversation: aConversation({ id: 'c2' }), conversation_id: 'c2', message: aMessage() }),
    )
    expect(client.getQueryData(keys.messages('c2'))).toBeUndefined()
  })
})

describe('a change of one’s own', () => {
  it('shows before the server answers, and hands back what was there', () => {
    const old = editConversation(client, 'c1', { conversation_status: 'inactive' })
    expect(old?.conversation_status).toBe('active')
    expect(rows()[1]?.conversation_status).toBe('inactive')
  })
})
