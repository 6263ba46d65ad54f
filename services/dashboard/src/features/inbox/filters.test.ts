import { describe, expect, it } from 'vitest'
import { readFilters, toQuery, viewOf } from './filters'
import { matches } from './filters-match'
import { aConversation } from './sample'

const MEXICO = 'America/Mexico_City'

describe('filters in the address', () => {
  it('keep what is one and drop what is none', () => {
    expect(
      readFilters({
        status: 'active',
        owner: 'me',
        unread: 'true',
        handed: 'no',
        from: '2026-02-30',
        to: '2026-03-01',
        x: '1',
        q: '',
      }),
    ).toEqual({ status: 'active', owner: 'me', unread: true, to: '2026-03-01' })
    expect(readFilters({ status: 'open' })).toEqual({})
  })

  it('turn days into instants of the account’s zone, the last day included', () => {
    expect(toQuery({ from: '2026-11-22', to: '2026-11-22', number: 'n', handed: true }, MEXICO)).toEqual({
      from: '2026-11-22T06:00:00.000Z',
      to: '2026-11-23T06:00:00.000Z',
      number_id: 'n',
      handed_over: true,
    })
  })

  it('have a name when they are just a saved view, whatever is searched for', () => {
    expect(viewOf({})).toBe('all')
    expect(viewOf({ owner: 'me', q: 'ana' })).toBe('mine')
    expect(viewOf({ owner: 'me', unread: true })).toBeUndefined()
  })
})

describe('whether a conversation belongs in a list', () => {
  const conversation = aConversation({
    user: { id: 'u1', name: 'Omar' },
    unread: 1,
    labels: [{ id: 'l1', name: 'X', color: 'ink' }],
  })
  it.each([
    [{}, true],
    [{ owner: 'me' }, true],
    [{ owner: 'none' }, false],
    [{ owner: 'u2' }, false],
    [{ unread: true as const }, true],
    [{ handed: true as const }, false],
    [{ label: 'l1' }, true],
    [{ number: 'n2' }, false],
    [{ from: '2026-11-22', to: '2026-11-22' }, true],
    [{ from: '2026-11-23' }, false],
    [{ q: 'mariana' }, true],
    [{ q: '55 1234' }, true],
    [{ q: 'pedro' }, false],
    [{ status: 'blocked' as const }, false],
  ])('%o: %s', (filters, belongs) => expect(matches(conversation, filters, 'u1', MEXICO)).toBe(belongs))
})
