import type { QueryClient } from '@tanstack/react-query'
import type { ConversationChanged } from '@/api/events'
import { type Conversation, type ConversationPage, keys } from './queries'
import { type Thread, withMessage } from './thread-pages'

export interface Moved {
  conversation: Conversation
}
/** Tells lists that a conversation's place in the order changed: they say so, and never move a row under the reader. */
export const moved = new EventTarget()

/** Puts a conversation into every cached answer that holds it. Tells its last message's time as it was before. */
export function patchConversation(client: QueryClient, conversation: Conversation): string | undefined {
  let before: string | undefined
  client.setQueriesData<ConversationPage>({ queryKey: keys.lists }, (page) => {
    const at = page?.items?.findIndex(({ id }) => id === conversation.id) ?? -1
    if (!page || at < 0) return page
    before = page.items[at]?.last_message_at
    return { ...page, items: page.items.with(at, conversation) }
  })
  client.setQueryData<Conversation>(keys.one(conversation.id), conversation)
  return before
}

/** Changes what every cached answer says of a conversation, until the server's own word arrives. */
export function editConversation(
  client: QueryClient,
  id: string,
  change: Partial<Conversation>,
): Conversation | undefined {
  const inLists = client
    .getQueriesData<ConversationPage>({ queryKey: keys.lists })
    .flatMap(([, page]) => page?.items ?? [])
    .find((conversation) => conversation.id === id)
  const old = client.getQueryData<Conversation>(keys.one(id)) ?? inLists
  if (old) patchConversation(client, { ...old, ...change })
  return old
}

const PARTS: Record<string, (id: string) => readonly string[]> = {
  note: keys.notes,
  reassigned: keys.numbers,
  opted_out: keys.optOuts,
  opted_in: keys.optOuts,
}
/** What changes how many conversations are unread, handed over or there at all. */
const COUNTED = new Set(['text_received', 'started', 'read', 'assistant', 'owner', 'deleted'])

/** Brings every cached answer up to date with one event. */
export function applyConversationChange(client: QueryClient, event: ConversationChanged) {
  const { what, conversation, message, conversation_id: id } = event
  if (conversation) {
    const before = patchConversation(client, conversation)
    if (before !== conversation.last_message_at) {
      moved.dispatchEvent(new CustomEvent<Moved>('moved', { detail: { conversation } }))
    }
  } else {
    client.removeQueries({ queryKey: keys.messages(id) })
    void client.invalidateQueries({ queryKey: keys.one(id) })
  }
  if (message) client.setQueryData<Thread>(keys.messages(id), (thread) => thread && withMessage(thread, message))
  const part = PARTS[what]
  if (part) void client.invalidateQueries({ queryKey: part(id) })
  if (COUNTED.has(what)) recount(client)
}

const RECOUNT_MS = 2_000
let recountDue = false

/** Asks for the counts again, once for all the events of a moment. */
function recount(client: QueryClient) {
  if (recountDue) return
  recountDue = true
  setTimeout(() => {
    recountDue = false
    // A hidden tab asks when it is looked at again.
    void client.invalidateQueries({ queryKey: keys.counts, refetchType: document.hidden ? 'none' : 'active' })
  }, RECOUNT_MS)
}
