import { describe, expect, it } from 'vitest'
import { cityOf, zonesToOffer } from './zones'

describe('time zones', () => {
  it('are called by their city, in the language of the page', () => {
    expect(cityOf('America/Mexico_City', 'es-MX')).toBe('Ciudad de México')
    expect(cityOf('America/Mexico_City', 'en')).toBe('Mexico City')
    expect(cityOf('America/Argentina/Salta', 'es-MX')).toBe('Salta')
  })
  it('are offered with those of Mexico first, and the current one once', () => {
    const zones = zonesToOffer('America/Tijuana')
    expect(zones[0]).toBe('America/Mexico_City')
    expect(zones.filter((z) => z === 'America/Tijuana')).toHaveLength(1)
    expect(zones).toContain('Europe/Madrid')
    expect(zonesToOffer('Etc/Unheard_Of')).toContain('Etc/Unheard_Of')
  })
})
