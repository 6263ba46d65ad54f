/** A sight of an import: how far it was, and when we saw it (milliseconds). */
export interface Sight {
  done: number
  at: number
}
const WINDOW_MS = 15_000

/** Adds a sight and forgets those older than the window, but always keeps the last two. */
export function see(sights: readonly Sight[], now: Sight): Sight[] {
  const last = sights.at(-1)
  if (last && now.done < last.done) return [now]
  if (last && now.done === last.done && now.at - last.at < 500) return [...sights]
  const all = [...sights, now]
  const fresh = all.filter((s) => now.at - s.at <= WINDOW_MS)
  return fresh.length >= 2 ? fresh : all.slice(-2)
}

/** Rows a second over the sights kept; null until there is a difference to measure. */
export function rateOf(sights: readonly Sight[]): number | null {
  const [first] = sights
  const last = sights.at(-1)
  if (!first || !last || last.at <= first.at || last.done <= first.done) return null
  return ((last.done - first.done) * 1000) / (last.at - first.at)
}

/** Seconds until the end at this rate; null when nobody can know. */
export const secondsLeft = (rate: number | null, done: number, total: number): number | null =>
  rate === null || total <= done ? null : Math.ceil((total - done) / rate)
