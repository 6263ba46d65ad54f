import type { ParseResult } from 'papaparse'

/** The server's own limit; a larger file is refused before it is sent. */
export const MAX_BYTES = 16 * 1024 * 1024
const PEEK_BYTES = 256 * 1024
const PEEK_ROWS = 50

export type Encoding = 'utf-8' | 'windows-1252'
export interface Peek {
  encoding: Encoding
  delimiter: string
  headers: string[]
  rows: string[][]
  /** Data rows of the whole file; an estimate unless `exact`. */
  count: number
  exact: boolean
}
export type PeekFault = 'empty' | 'too-large' | 'not-text' | 'no-rows'
export class PeekError extends Error {
  constructor(public fault: PeekFault) {
    super(fault)
  }
}

/**
 * UTF-8 when the bytes are valid UTF-8, else Windows-1252, which spreadsheets in Spanish still write.
 * `whole` is false when the bytes are the beginning of more: a letter cut in two at the end is then no fault.
 */
export function guessEncoding(bytes: Uint8Array, whole: boolean): Encoding {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole })
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

/** A spreadsheet or an archive that was merely named .csv holds zero bytes; text does not. */
export const isText = (bytes: Uint8Array): boolean => !bytes.includes(0)

const withoutLastLine = (text: string): string => {
  const end = text.lastIndexOf('\n')
  return end < 0 ? text : text.slice(0, end)
}

export async function peekBytes(bytes: Uint8Array, size: number): Promise<Peek> {
  if (size === 0) throw new PeekError('empty')
  if (size > MAX_BYTES) throw new PeekError('too-large')
  if (!isText(bytes)) throw new PeekError('not-text')
  const whole = bytes.length >= size
  const encoding = guessEncoding(bytes, whole)
  const decoded = new TextDecoder(encoding).decode(bytes)
  const text = whole ? decoded : withoutLastLine(decoded)
  const { default: Papa } = await import('papaparse')
  const parsed: ParseResult<string[]> = Papa.parse<string[]>(text, {
    skipEmptyLines: 'greedy',
    delimitersToGuess: [',', ';', '\t'],
  })
  const [headers, ...rows] = parsed.data
  if (!headers || rows.length === 0) throw new PeekError('no-rows')
  const seen = new TextEncoder().encode(text).length
  return {
    encoding,
    delimiter: parsed.meta.delimiter,
    headers: headers.map((h) => h.trim()),
    rows: rows.slice(0, PEEK_ROWS),
    count: whole ? rows.length : Math.round((rows.length * size) / Math.max(1, seen)),
    exact: whole,
  }
}

/** Reads only the beginning of the file; the server reads all of it. */
export async function peek(file: File): Promise<Peek> {
  if (file.size > MAX_BYTES) throw new PeekError('too-large')
  return peekBytes(new Uint8Array(await file.slice(0, PEEK_BYTES).arrayBuffer()), file.size)
}
