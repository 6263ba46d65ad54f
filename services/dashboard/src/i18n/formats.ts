import type { DateTimeFormatOptions } from 'use-intl'

/** 13:02. With `hour12: false` some languages write midnight as 24:00. */
export const CLOCK: DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
/** 22 nov. */
export const SHORT_DAY: DateTimeFormatOptions = { day: 'numeric', month: 'short' }
/** 22 nov 2026. */
export const DAY: DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' }
/** 22 nov 2026, 13:02. */
export const MOMENT: DateTimeFormatOptions = { ...DAY, ...CLOCK }
/** lunes, 23 de noviembre. */
export const WEEKDAY: DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' }
