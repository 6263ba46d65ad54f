import { describe, expect, it } from 'vitest'
import { bitsOf, clockOf, DAYS, daysOf, hasDay, minutesOf, spanOf } from './hours'

describe('days', () => {
  it('begin with Monday at bit 0', () => {
    expect(daysOf(0b0011111)).toEqual([0, 1, 2, 3, 4])
    expect(hasDay(64, 6)).toBe(true)
  })
  it('survive the way there and back', () => {
    for (let bits = 0; bits < 128; bits++) expect(bitsOf(daysOf(bits))).toBe(bits)
    expect(bitsOf(DAYS)).toBe(127)
  })
})

describe('times', () => {
  it('survive the way there and back', () => {
    for (let m = 0; m <= 1440; m++) expect(minutesOf(clockOf(m))).toBe(m)
  })
  it.each([
    ['9', 540],
    ['9:30', 570],
    ['0930', 570],
    ['930', 570],
    ['18h30', 1110],
    [' 24:00 ', 1440],
  ])('are read from %s', (text, minutes) => expect(minutesOf(text)).toBe(minutes))
  it.each(['', '25:00', '24:01', '9:60', '12:5', 'mañana'])('are not read from «%s»', (text) =>
    expect(minutesOf(text)).toBeNull(),
  )
})

describe('the span', () => {
  it('tells what two times mean together', () => {
    expect(spanOf(31, 540, 1140)).toBe('same-day')
    expect(spanOf(127, 1200, 360)).toBe('past-midnight')
    expect(spanOf(127, 0, 1440)).toBe('always')
    expect(spanOf(0, 540, 1140)).toBe('none')
    expect(spanOf(31, 600, 600)).toBe('always')
  })
})
