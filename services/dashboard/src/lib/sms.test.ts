import { describe, expect, it } from 'vitest'
import { changedWords, segmentsOf, withoutAccents } from './sms'
// The short ones of crates/domain/src/segment/fixtures/sms_segments_vectors.json: Twilio's own calculator.
import { vectors } from './sms-vectors.json'

describe('segments', () => {
  it.each(vectors)('counts $id as Twilio does', ({ text, encoding, segments, units }) => {
    const { encoding: ours, count, units: size } = segmentsOf(text)
    expect({ encoding: ours, segments: count, units: size }).toEqual({ encoding, segments, units })
  })

  it('does not split a character of two units across parts', () => {
    expect(segmentsOf(`${'a'.repeat(152)}€${'a'.repeat(152)}`).count).toBe(3)
    expect(segmentsOf('👍'.repeat(67)).count).toBe(3)
  })

  it('tells the room that is left', () => {
    expect(segmentsOf('a'.repeat(150)).room).toBe(10)
    expect(segmentsOf('a'.repeat(161)).room).toBe(145)
  })

  it.each([...'áíóúÁÍÓÚ'])('takes %s for dear', (letter) => expect(segmentsOf(letter).encoding).toBe('ucs2'))
  it.each([...'éÉñÑüÜ¿¡àÇ'])('takes %s for free', (letter) => expect(segmentsOf(letter).encoding).toBe('gsm7'))
})

describe('without accents', () => {
  it.each([
    ['Está listo, ¿mañana?', 'Esta listo, ¿mañana?'],
    ['PINGÜINO, José: ¡qué útil!', 'PINGÜINO, José: ¡qué util!'],
    ['“Sí” – dijo… ‘no’\u00a0', '"Si" - dijo... \'no\' '],
    ['man\u0303ana, cafe\u0301, esta\u0301', 'mañana, café, esta'],
    ['Hola 👍', 'Hola 👍'],
  ])('%s becomes %s', (written, folded) => expect(withoutAccents(written)).toBe(folded))

  it('names the words that come to mean something else', () => {
    expect(changedWords('Sí, está más cerca. Asimismo, él.')).toEqual(['sí', 'está', 'más'])
    expect(changedWords('mañana útil')).toEqual([])
  })
})
