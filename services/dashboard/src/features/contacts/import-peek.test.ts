import { describe, expect, it } from 'vitest'
import { guessEncoding, MAX_BYTES, peekBytes } from './import-peek'

const utf8 = (s: string) => new TextEncoder().encode(s)
const cp1252 = (s: string) => Uint8Array.from(s, (c) => c.charCodeAt(0))
const look = (bytes: Uint8Array, size = bytes.length) => peekBytes(bytes, size)

describe('the peek at a file', () => {
  it('reads UTF-8 with a byte order mark and commas', async () => {
    const p = await look(utf8('\uFEFFNombre,Teléfono\nIñigo,5541000000\n'))
    expect(p).toMatchObject({
      encoding: 'utf-8',
      delimiter: ',',
      headers: ['Nombre', 'Teléfono'],
      count: 1,
      exact: true,
    })
  })
  it('reads Windows-1252 with semicolons', async () => {
    const p = await look(cp1252('Nombre;Teléfono\r\nMuñoz;5541000000\r\n'))
    expect(p).toMatchObject({ encoding: 'windows-1252', delimiter: ';', rows: [['Muñoz', '5541000000']] })
  })
  it('reads tabs', async () => {
    expect((await look(utf8('name\tphone\nAna\t5541000000'))).delimiter).toBe('\t')
  })
  it('keeps a comma inside quotes in its cell', async () => {
    expect((await look(utf8('name,phone\n"Peña, Ana",5541000000'))).rows[0]).toEqual(['Peña, Ana', '5541000000'])
  })
  it('shows at most fifty rows and counts them all', async () => {
    const p = await look(utf8(`name,phone\n${'Ana,5541000000\n'.repeat(80)}`))
    expect([p.rows.length, p.count, p.exact]).toEqual([50, 80, true])
  })
  it('estimates the rows of what it has not read', async () => {
    const start = utf8(`name,phone\n${'Ana,5541000000\n'.repeat(100)}`)
    const p = await look(start, start.length * 10)
    expect(p.exact).toBe(false)
    expect(p.count).toBeGreaterThan(900)
    expect(p.count).toBeLessThan(1100)
  })
  it('takes a letter cut in two at the end of the peek for UTF-8 still', () => {
    const cut = utf8('año').slice(0, 2)
    expect(guessEncoding(cut, false)).toBe('utf-8')
    expect(guessEncoding(cut, true)).toBe('windows-1252')
  })
  it.each([
    ['empty', new Uint8Array(), 0],
    ['too-large', utf8('a'), MAX_BYTES + 1],
    ['not-text', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), 6],
    ['no-rows', utf8('name,phone\n'), 11],
  ] as const)('refuses a file that is %s', async (fault, bytes, size) => {
    await expect(look(bytes, size)).rejects.toMatchObject({ fault })
  })
})
