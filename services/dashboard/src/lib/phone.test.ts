import { describe, expect, it } from 'vitest'
import { showPhone, toE164 } from './phone'

describe('phones', () => {
  it.each([
    ['+525541000000', '55 4100 0000'],
    ['+522221234567', '222 123 4567'],
    ['+14155550100', '+14155550100'],
    ['72222', '72222'],
  ])('%s is shown as %s', (number, shown) => expect(showPhone(number)).toBe(shown))

  it.each(['5541000000', '55 4100 0000', '+52 55 4100 0000', '+5215541000000', '044 55 41000000', '(55) 4100-0000'])(
    '%s is the same Mexican number',
    (typed) => expect(toE164(typed)).toBe('+525541000000'),
  )

  it('keeps numbers of other countries', () => expect(toE164('+1 415 555 0100')).toBe('+14155550100'))
  it.each(['', 'hola', '12345', '+52554100', '55410000001'])('%s is no number', (typed) =>
    expect(toE164(typed)).toBeNull(),
  )
})
