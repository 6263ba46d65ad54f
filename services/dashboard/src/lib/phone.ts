/** Area codes of two digits: Mexico City, Guadalajara, Monterrey. Every other one has three. */
const TWO_DIGITS = /^(55|56|33|81)/

/** +525541000000 as people write it, 55 4100 0000; numbers of other countries stay as they are. */
export function showPhone(e164: string): string {
  const national = /^\+52(\d{10})$/.exec(e164)?.[1]
  if (!national) return e164
  const area = TWO_DIGITS.test(national) ? 2 : 3
  return `${national.slice(0, area)} ${national.slice(area, 6)} ${national.slice(6)}`
}

/** The last four digits, by which people tell our numbers apart. */
export const last4 = (e164: string) => e164.slice(-4)

/**
 * What somebody typed as E.164, or null: ten digits are Mexican, the old prefixes 044, 045 and +521 are folded as the
 * server folds them. The server has the last word.
 */
export function toE164(typed: string): string | null {
  const digits = typed.replace(/[\s().-]/g, '')
  const mexican = /^(?:\+?521?|0?4[45]|01)?(\d{10})$/.exec(digits)?.[1]
  if (mexican && !mexican.startsWith('0')) return `+52${mexican}`
  return /^\+[1-9]\d{7,14}$/.test(digits) && !digits.startsWith('+52') ? digits : null
}
