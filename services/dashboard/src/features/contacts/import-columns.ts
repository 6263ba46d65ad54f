/** What a column of the file means to us. */
export type Meaning = 'phone' | 'name' | 'language'
export interface Mapping {
  phone: string | null
  name: string | null
  language: string | null
}
export const NO_MAPPING: Mapping = { phone: null, name: null, language: null }

/** Headers as people write them in Mexico and in exports of other tools, folded by {@link fold}; the first fits best. */
const HEADERS: Record<Meaning, readonly string[]> = {
  phone: [
    'telefono',
    'celular',
    'movil',
    'whatsapp',
    'phone',
    'phonenumber',
    'mobile',
    'cellphone',
    'cell',
    'tel',
    'cel',
    'numerodetelefono',
    'numerotelefonico',
    'msisdn',
    'numero',
    'number',
  ],
  name: [
    'nombre',
    'nombrecompleto',
    'name',
    'fullname',
    'contacto',
    'cliente',
    'contact',
    'customer',
    'contactname',
    'razonsocial',
    'firstname',
  ],
  language: ['idioma', 'lengua', 'lenguaje', 'language', 'lang', 'locale'],
}

/** Lower case, no accents, letters and digits only: «Teléfono (cel.)» becomes `telefonocel`. */
export const fold = (header: string): string =>
  header
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')

const looksLikePhone = (cell: string): boolean => {
  const digits = cell.replace(/\D/g, '').length
  return digits >= 10 && digits <= 15 && /^[+\d\s().\-']+$/.test(cell.trim())
}

/** 3 the header itself, 2 begins with it, 1 holds it, 0 nothing; earlier words win among equals. */
function score(header: string, words: readonly string[]): number {
  const folded = fold(header)
  let best = 0
  words.forEach((word, place) => {
    const fit =
      folded === word
        ? 3
        : folded.startsWith(word) && word.length > 2
          ? 2
          : folded.includes(word) && word.length > 4
            ? 1
            : 0
    if (fit > 0) best = Math.max(best, fit - place / 100)
  })
  return best
}

/** Columns that can be named to the server: not empty, and only the first of two that share a name. */
export const namedColumns = (headers: readonly string[]): string[] => [
  ...new Set(headers.filter((h) => h.trim() !== '')),
]

/** Guesses by header, then, for the phone alone, by what the cells look like. No column serves twice. */
export function guessMapping(headers: readonly string[], rows: readonly (readonly string[])[]): Mapping {
  const free = new Set(namedColumns(headers))
  const take = (meaning: Meaning): string | null => {
    let best: string | null = null
    let top = 0
    for (const header of free) {
      const s = score(header, HEADERS[meaning])
      if (s > top) {
        top = s
        best = header
      }
    }
    if (best !== null) free.delete(best)
    return best
  }
  const phone = take('phone') ?? byCells(headers, rows, free)
  return { phone, name: take('name'), language: take('language') }
}

function byCells(headers: readonly string[], rows: readonly (readonly string[])[], free: Set<string>): string | null {
  for (const header of free) {
    const cells = rows.map((r) => r[headers.indexOf(header)] ?? '').filter((c) => c.trim() !== '')
    if (cells.length > 0 && cells.filter(looksLikePhone).length / cells.length >= 0.7) {
      free.delete(header)
      return header
    }
  }
  return null
}

/** A file without a header line: its first line already holds a telephone number. */
export const lacksHeader = (headers: readonly string[]): boolean => headers.some(looksLikePhone)
