import { describe, expect, it } from 'vitest'
import { addDays, dayOf, instantOf, isDay, isQuietHour, wallClock } from './time'

const MEXICO = 'America/Mexico_City'

describe('time in a zone', () => {
  it('tells the day by the zone, not by the browser', () => {
    const at = new Date('2026-11-23T04:30:00Z')
    expect(dayOf(at, MEXICO)).toBe('2026-11-22')
    expect(dayOf(at, 'Europe/Berlin')).toBe('2026-11-23')
  })

  it('finds the instant of a wall clock', () => {
    expect(instantOf('2026-11-22', '22:30', MEXICO).toISOString()).toBe('2026-11-23T04:30:00.000Z')
  })

  it('finds it also beside a change of the clocks', () => {
    expect(instantOf('2026-03-29', '03:30', 'Europe/Berlin').toISOString()).toBe('2026-03-29T01:30:00.000Z')
    expect(instantOf('2026-10-25', '12:00', 'Europe/Berlin').toISOString()).toBe('2026-10-25T11:00:00.000Z')
    expect(instantOf('2026-07-01', '09:00', 'America/Tijuana').toISOString()).toBe('2026-07-01T16:00:00.000Z')
  })

  it('goes to the next day across months', () => expect(addDays('2026-02-28', 1)).toBe('2026-03-01'))
  it.each(['2026-02-30', '2026-2-3', 'hoy', ''])('%s is no day', (text) => expect(isDay(text)).toBe(false))
  it('knows a day', () => expect(isDay('2026-02-28')).toBe(true))

  it.each([
    ['2026-11-23T02:59:00Z', 20, false],
    ['2026-11-23T03:00:00Z', 21, true],
    ['2026-11-23T14:59:00Z', 8, true],
    ['2026-11-23T15:00:00Z', 9, false],
  ])('at %s it is %i o’clock in Mexico: quiet is %s', (at, hour, quiet) => {
    expect(wallClock(new Date(at), MEXICO).hour).toBe(hour)
    expect(isQuietHour(new Date(at), MEXICO)).toBe(quiet)
  })
})
