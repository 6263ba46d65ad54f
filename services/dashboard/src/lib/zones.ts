/** The zones of Mexico by the city that names them, as it is written in Spanish. */
const MEXICAN: Record<string, string> = {
  'America/Mexico_City': 'Ciudad de México',
  'America/Cancun': 'Cancún',
  'America/Merida': 'Mérida',
  'America/Monterrey': 'Monterrey',
  'America/Matamoros': 'Matamoros',
  'America/Chihuahua': 'Chihuahua',
  'America/Ciudad_Juarez': 'Ciudad Juárez',
  'America/Ojinaga': 'Ojinaga',
  'America/Mazatlan': 'Mazatlán',
  'America/Bahia_Banderas': 'Bahía de Banderas',
  'America/Hermosillo': 'Hermosillo',
  'America/Tijuana': 'Tijuana',
}

/** The city by which people call a zone: `America/Argentina/Salta` is Salta. */
export function cityOf(zone: string, locale: string): string {
  const spanish = MEXICAN[zone]
  if (spanish && locale.startsWith('es')) return spanish
  return zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ')
}

/** The zones of Mexico first, then every other that the browser knows. */
export function zonesToOffer(current: string): string[] {
  return [...new Set([...Object.keys(MEXICAN), current, ...Intl.supportedValuesOf('timeZone')])]
}
