/** What a text takes on the air: the same arithmetic as crates/domain/src/segment.rs, which has the last word. */

export type Encoding = 'gsm7' | 'ucs2'
export interface Segments {
  encoding: Encoding
  /** At least 1, also for an empty text, as Twilio counts. */
  count: number
  /** Septets in GSM-7, UTF-16 units in UCS-2. */
  units: number
  /** Units that fit before one more segment is charged. */
  room: number
}

/** Twilio takes no more characters (21617). */
export const LONGEST = 1600

const ONE = /^[\n\r -~£¥èéùìòÇØøÅåÆæßÉ¤¡ÄÖÑÜ§¿äöñüàΔΦΓΛΩΠΨΣΘΞ]$/
const TWO = '^{}\\[~]|€\f'
const SIZES = { gsm7: { alone: 160, part: 153 }, ucs2: { alone: 70, part: 67 } }

/** Septets of a character in GSM-7; null when it is not there. The backtick is the one ASCII character that is not. */
function septets(character: string): number | null {
  if (TWO.includes(character)) return 2
  return character !== '`' && ONE.test(character) ? 1 : null
}

/** Counts the segments of a text as it would be sent; a character of two units is never split across two parts. */
export function segmentsOf(text: string): Segments {
  const characters = [...text]
  const encoding: Encoding = characters.every((c) => septets(c) !== null) ? 'gsm7' : 'ucs2'
  const unitsOf = (c: string) => (encoding === 'gsm7' ? (septets(c) ?? 1) : c.length)
  const { alone, part } = SIZES[encoding]
  const units = characters.reduce((sum, c) => sum + unitsOf(c), 0)
  if (units <= alone) return { encoding, count: 1, units, room: alone - units }
  let count = 1
  let room = part
  for (const c of characters) {
    if (unitsOf(c) > room) {
      count++
      room = part
    }
    room -= unitsOf(c)
  }
  return { encoding, count, units, room }
}

const BARE: Record<string, string> = { á: 'a', í: 'i', ó: 'o', ú: 'u', Á: 'A', Í: 'I', Ó: 'O', Ú: 'U' }
const SIGNS: [RegExp, string][] = [
  [/[‘’‚′]/g, "'"],
  [/[“”„«»″]/g, '"'],
  [/[\u2010-\u2015−]/g, '-'],
  [/…/g, '...'],
  [/[\u00a0\u202f]/g, ' '],
]

/**
 * The text without what makes Spanish twice as dear: `á í ó ú`, curly quotes, dashes, the ellipsis. `ñ ¿ ¡ é ü` stay:
 * they are in GSM-7. An emoji stays too: it is the writer's to drop.
 */
export function withoutAccents(text: string): string {
  const composed = text.normalize('NFC')
  const bare = composed.replace(/[áíóúÁÍÓÚ]/g, (letter) => BARE[letter] ?? letter)
  return SIGNS.reduce((folded, [sign, plain]) => folded.replace(sign, plain), bare)
}

const MEANINGFUL = /(?<![\p{L}])(sí|más|tú|mí|está|público|término|depósito)(?![\p{L}])/giu

/** The words of a text that say something else without their accent: "sí" and "si". */
export function changedWords(text: string): string[] {
  return [...new Set([...text.matchAll(MEANINGFUL)].map(([word]) => word.toLowerCase()))].filter(
    (word) => withoutAccents(word) !== word,
  )
}
