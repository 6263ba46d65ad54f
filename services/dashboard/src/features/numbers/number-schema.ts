import * as z from 'zod/mini'

export const LONGEST_LABEL = 100
export const MOST_PRIORITY = 100
export const MOST_RECIPIENTS = 100_000
export const MOST_RATE = 100
export const LEAST_RATE = 0.1

export interface Words {
  tooLong: (n: number) => string
  range: (min: number, max: number) => string
}

/** What of a line people may set; the limits are the server's. */
export function numberSchema(words: Words) {
  const within = (min: number, max: number) =>
    z.number(words.range(min, max)).check(z.gte(min, words.range(min, max)), z.lte(max, words.range(min, max)))
  return z.object({
    label: z.string().check(z.maxLength(LONGEST_LABEL, words.tooLong(LONGEST_LABEL))),
    rotation_enabled: z.boolean(),
    rotation_priority: within(1, MOST_PRIORITY),
    new_recipients_per_day: within(1, MOST_RECIPIENTS),
    segments_per_second: within(LEAST_RATE, MOST_RATE),
  })
}
export type NumberValues = z.infer<ReturnType<typeof numberSchema>>
