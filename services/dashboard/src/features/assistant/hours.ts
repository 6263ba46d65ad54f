/** Days of the week as the profile keeps them: bit 0 is Monday. */
export const DAYS = [0, 1, 2, 3, 4, 5, 6] as const
export type Day = (typeof DAYS)[number]

export const hasDay = (bits: number, day: Day): boolean => (bits & (1 << day)) !== 0
export const daysOf = (bits: number): Day[] => DAYS.filter((d) => hasDay(bits, d))
export const bitsOf = (days: readonly Day[]): number => days.reduce<number>((bits, d) => bits | (1 << d), 0)

/** Minutes of the day as `HH:MM`. The end of the day, 1440, is written 24:00. */
export function clockOf(minutes: number): string {
  const h = Math.floor(minutes / 60)
  return `${String(h).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** `9`, `9:30`, `09:30`, `930` or `24:00` as minutes; null for what is no time of a day. */
export function minutesOf(clock: string): number | null {
  const m = /^(\d{1,2})(?:[:.h]?([0-5]\d))?$/.exec(clock.trim())
  if (!m) return null
  const minutes = Number(m[1]) * 60 + Number(m[2] ?? 0)
  return minutes <= 1440 ? minutes : null
}

export type Span = 'none' | 'always' | 'same-day' | 'past-midnight'
/** What the two times say together: equal ones mean that it never closes; an end before its start passes midnight. */
export function spanOf(days: number, from: number, to: number): Span {
  if (from === to || (days === 127 && from === 0 && to === 1440)) return 'always'
  if (days === 0) return 'none'
  return to > from ? 'same-day' : 'past-midnight'
}
