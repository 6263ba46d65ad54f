import type { InfiniteData } from '@tanstack/react-query'
import type { Message, MessagePage } from './queries'

export type Thread = InfiniteData<MessagePage, string | undefined>

/** The id of a message that is on its way to the server. */
const LOCAL = 'local:'
export const localId = (key: string) => `${LOCAL}${key}`
export const isLocal = (message: Message) => message.id.startsWith(LOCAL)

const inNewest = (thread: Thread, change: (items: Message[]) => Message[]): Thread => {
  const [newest, ...older] = thread.pages
  if (!newest) return thread
  return { ...thread, pages: [{ ...newest, items: change(newest.items) }, ...older] }
}

/** The thread with the message in it: in its place when it is there already, at the end otherwise. */
export function withMessage(thread: Thread, message: Message): Thread {
  const page = thread.pages.findIndex(({ items }) => items.some(({ id }) => id === message.id))
  const found = thread.pages[page]
  if (found) {
    const items = found.items.map((old) => (old.id === message.id ? newer(old, message) : old))
    return { ...thread, pages: thread.pages.with(page, { ...found, items }) }
  }
  return inNewest(thread, (items) => {
    // Our own text may be heard of before its answer arrives: it takes the place of the one that waits.
    const waiting = items.findIndex(
      (item) => isLocal(item) && message.author === 'person' && item.body === message.body,
    )
    return waiting < 0 ? [...items, message] : items.with(waiting, message)
  })
}

export function withoutMessage(thread: Thread, id: string): Thread {
  return inNewest(thread, (items) => items.filter((item) => item.id !== id))
}

const RANK: Record<Message['status'], number> = {
  received: 9,
  queued: 1,
  sending: 2,
  uncertain: 3,
  sent: 4,
  canceled: 9,
  undelivered: 8,
  failed: 8,
  delivered: 9,
  read: 10,
}

/** A late answer must not take back what a live event already told. */
function newer(old: Message, message: Message): Message {
  return RANK[message.status] >= RANK[old.status] ? message : old
}

/** Everything that is loaded, oldest first, and what is to leave later at the end. */
export function inOrder(
  thread: Pick<Thread, 'pages'> | undefined,
  now: number,
): { past: Message[]; scheduled: Message[] } {
  const all = thread ? thread.pages.toReversed().flatMap(({ items }) => items) : []
  const past: Message[] = []
  const scheduled: Message[] = []
  for (const message of all) (isScheduled(message, now) ? scheduled : past).push(message)
  scheduled.sort((a, b) => (a.send_after ?? '').localeCompare(b.send_after ?? ''))
  return { past, scheduled }
}

/** A pace of a second or two between texts is no appointment. */
const SOON_MS = 30_000

export function isScheduled(message: Message, now: number): boolean {
  if (message.status !== 'queued' || !message.send_after) return false
  const at = Date.parse(message.send_after)
  return at > now && at - Date.parse(message.created_at) > SOON_MS
}
