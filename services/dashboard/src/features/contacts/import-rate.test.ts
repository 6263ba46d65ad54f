import { describe, expect, it } from 'vitest'
import { rateOf, type Sight, secondsLeft, see } from './import-rate'

const watch = (...pairs: [number, number][]) =>
  pairs.reduce<Sight[]>((sights, [at, done]) => see(sights, { at, done }), [])

describe('the pace of an import', () => {
  it('is unknown after one sight', () => expect(rateOf(watch([0, 10]))).toBeNull())
  it('is rows a second between sights', () => expect(rateOf(watch([0, 0], [1000, 500], [2000, 1200]))).toBe(600))
  it('forgets what is older than the window', () =>
    expect(rateOf(watch([0, 0], [1000, 5000], [20_000, 5100], [21_000, 5200]))).toBe(100))
  it('is unknown while nothing moves', () => expect(rateOf(watch([0, 10], [1000, 10], [2000, 10]))).toBeNull())
  it('begins anew when an import begins anew', () =>
    expect(watch([0, 100], [1000, 5])).toEqual([{ at: 1000, done: 5 }]))
  it('tells the time left', () => {
    expect(secondsLeft(100, 500, 1000)).toBe(5)
    expect(secondsLeft(null, 500, 1000)).toBeNull()
    expect(secondsLeft(100, 1000, 1000)).toBeNull()
  })
})
