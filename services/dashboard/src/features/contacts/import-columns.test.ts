import { describe, expect, it } from 'vitest'
import { fold, guessMapping, lacksHeader, namedColumns } from './import-columns'

describe('the meaning of columns', () => {
  it('is guessed from Spanish headers with accents and case', () =>
    expect(guessMapping(['Nombre Completo', 'TELÉFONO', 'Idioma'], [])).toEqual({
      phone: 'TELÉFONO',
      name: 'Nombre Completo',
      language: 'Idioma',
    }))
  it('is guessed from English headers', () =>
    expect(guessMapping(['id', 'full_name', 'Phone Number', 'lang'], [])).toEqual({
      phone: 'Phone Number',
      name: 'full_name',
      language: 'lang',
    }))
  it('prefers a telephone to a mere number', () =>
    expect(guessMapping(['Número', 'Celular'], []).phone).toBe('Celular'))
  it('finds a word inside a longer header', () =>
    expect(guessMapping(['cliente_nombre', 'tel. celular 1'], [])).toEqual({
      phone: 'tel. celular 1',
      name: 'cliente_nombre',
      language: null,
    }))
  it('never gives one column two meanings', () => {
    const m = guessMapping(['telefono contacto'], [])
    expect(m).toEqual({ phone: 'telefono contacto', name: null, language: null })
  })
  it('falls back on cells that look like telephones', () =>
    expect(
      guessMapping(
        ['a', 'b'],
        [
          ['Ana', '55 4100 0000'],
          ['Luis', '+52 33 1234 5678'],
        ],
      ).phone,
    ).toBe('b'))
  it('guesses nothing from prices and dates', () =>
    expect(guessMapping(['a', 'b'], [['$1,200.00', '2026-11-22']])).toEqual({
      phone: null,
      name: null,
      language: null,
    }))
  it('is not guessed from a word that merely holds «tel»', () =>
    expect(guessMapping(['hotel'], [['Camino Real']]).phone).toBeNull())
})

describe('headers', () => {
  it('are folded to letters and digits', () => expect(fold(' Teléfono (cel.) ')).toBe('telefonocel'))
  it('that are empty or repeated cannot be named', () =>
    expect(namedColumns(['Tel', '', 'Tel', 'Nombre'])).toEqual(['Tel', 'Nombre']))
  it('are missing when the first line holds a telephone', () => {
    expect(lacksHeader(['Ana', '+525541000000'])).toBe(true)
    expect(lacksHeader(['Nombre', 'Tel'])).toBe(false)
  })
})
