import { describe, expect, it } from 'vitest'
import type { Message } from './queries'
import { aMessage } from './sample'
import { inOrder, isScheduled, localId, type Thread, withMessage, withoutMessage } from './thread-pages'

const threadOf = (...pages: Message[][]): Thread => ({
  pages: pages.map((items) => ({ items, has_older: true })),
  pageParams: pages.map(() => undefined),
})
const ours = (change: Partial<Message>) =>
  aMessage({ direction: 'outbound', author: 'person', status: 'queued', ...change })
const ids = (thread: Thread) => inOrder(thread, 0).past.map(({ id }) => id)

describe('a thread', () => {
  it('reads oldest first, though its newest page comes first', () => {
    expect(ids(threadOf([aMessage({ id: 'm3' })], [aMessage({ id: 'm1' }), aMessage({ id: 'm2' })]))).toEqual([
      'm1',
      'm2',
      'm3',
    ])
  })

  it('takes a message once, however often it is told', () => {
    const once = withMessage(threadOf([aMessage()]), aMessage({ id: 'm2' }))
    expect(ids(withMessage(once, aMessage({ id: 'm2' })))).toEqual(['m1', 'm2'])
  })

  it('changes a message of an older page in its place', () => {
    const thread = withMessage(
      threadOf([aMessage({ id: 'm2' })], [ours({ status: 'sent' })]),
      ours({ status: 'delivered' }),
    )
    expect(thread.pages[1]?.items[0]?.status).toBe('delivered')
  })

  it('does not let a late answer take back what an event already told', () => {
    const delivered = threadOf([ours({ id: 'm9', status: 'delivered' })])
    expect(withMessage(delivered, ours({ id: 'm9', status: 'queued' })).pages[0]?.items[0]?.status).toBe('delivered')
  })

  it('puts the server’s message in the place of the one that waited', () => {
    const waiting = threadOf([aMessage(), ours({ id: localId('k'), body: 'Va' })])
    const told = withMessage(waiting, ours({ id: 'm2', body: 'Va' }))
    expect(ids(told)).toEqual(['m1', 'm2'])
    expect(ids(withMessage(withoutMessage(told, localId('k')), ours({ id: 'm2', body: 'Va' })))).toEqual(['m1', 'm2'])
  })

  it('keeps what is to leave later apart, soonest first', () => {
    const at = Date.parse('2026-11-23T05:00:00Z')
    const later = (id: string, send_after: string) => ours({ id, send_after })
    const { past, scheduled } = inOrder(
      threadOf([later('m3', '2026-11-24T09:00:00Z'), aMessage(), later('m2', '2026-11-23T15:00:00Z')]),
      at,
    )
    expect(past.map(({ id }) => id)).toEqual(['m1'])
    expect(scheduled.map(({ id }) => id)).toEqual(['m2', 'm3'])
  })

  it('takes a pace of seconds for no appointment', () => {
    const paced = ours({ created_at: '2026-11-23T05:00:00Z', send_after: '2026-11-23T05:00:04Z' })
    expect(isScheduled(paced, Date.parse('2026-11-23T05:00:01Z'))).toBe(false)
  })
})
