import { createTranslator } from 'use-intl/core'
import en from '@/i18n/en'
import esMX from '@/i18n/es-MX'

export const LANGUAGES = ['es-MX', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const messages = { 'es-MX': esMX, en }

/** The dashboard's own words: a test finds a button by the name that a person reads on it, in either language. */
export function words(language: Language) {
  return createTranslator({ locale: language, messages: messages[language], timeZone: 'America/Mexico_City' })
}
export type Words = ReturnType<typeof words>
