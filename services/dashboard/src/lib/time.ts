/** Arithmetic of instants and calendar days in the account's time zone; the browser's own zone plays no part. */

interface Wall {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}
const formats = new Map<string, Intl.DateTimeFormat>()

function wallFormat(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(zone, format)
  }
  return format
}

/** What a clock on a wall in the zone shows at an instant. */
export function wallClock(at: Date, zone: string): Wall {
  const parts = Object.fromEntries(
    wallFormat(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  return {
    year: parts.year ?? 0,
    month: parts.month ?? 0,
    day: parts.day ?? 0,
    hour: parts.hour ?? 0,
    minute: parts.minute ?? 0,
  }
}

const two = (n: number) => String(n).padStart(2, '0')

/** The calendar day of an instant in the zone: 2026-11-22. */
export function dayOf(at: Date, zone: string): string {
  const { year, month, day } = wallClock(at, zone)
  return `${year}-${two(month)}-${two(day)}`
}

/** The day that is `days` later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The instant at which a wall clock in the zone shows this day and time; the later one where it shows it twice. */
export function instantOf(day: string, time: string, zone: string): Date {
  const wanted = Date.parse(`${day}T${time}:00Z`)
  let at = wanted
  // Two rounds: the first guess may fall on the other side of a change of the clocks.
  for (let round = 0; round < 2; round++) {
    const { year, month, day: date, hour, minute } = wallClock(new Date(at), zone)
    at += wanted - Date.UTC(year, month - 1, date, hour, minute)
  }
  return new Date(at)
}

/** Whether the day is one: `2026-02-30` is not. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text)
}

const QUIET_FROM_HOUR = 21
const QUIET_TO_HOUR = 9

/** Whether a text would arrive between 21:00 and 09:00, when Twilio advises against sending in Mexico. */
export function isQuietHour(at: Date, zone: string): boolean {
  const { hour } = wallClock(at, zone)
  return hour >= QUIET_FROM_HOUR || hour < QUIET_TO_HOUR
}
