import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { IntlProvider } from 'use-intl'
import { AriaLocale } from '@/ui/locale'
import type Spanish from './es-MX'

export type Locale = 'es-MX' | 'en'
export type Messages = typeof Spanish

declare module 'use-intl' {
  interface AppConfig {
    Messages: Messages
    Locale: Locale
  }
}

const LOAD: Record<Locale, () => Promise<{ default: Messages }>> = {
  'es-MX': () => import('./es-MX'),
  en: () => import('./en') as Promise<{ default: Messages }>,
}
/** Until the session tells the account's own. */
const DEFAULT_ZONE = 'America/Mexico_City'
const STORED = 'hilo:locale'

interface Language {
  locale: Locale
  setLocale: (locale: Locale) => void
  /** The account's time zone: every date on screen is in it, whatever the laptop says. */
  timeZone: string
  /** Takes over what the account says; a language that the person chose stays. */
  follow: (account: { language: string; time_zone: string }) => void
}
const Current = createContext<Language | null>(null)

export function useLanguage(): Language {
  const language = useContext(Current)
  if (!language) throw new Error('no <I18n> above')
  return language
}

const toLocale = (language: string): Locale => (language.startsWith('en') ? 'en' : 'es-MX')

export function I18n({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useState<Locale>(() => toLocale(localStorage.getItem(STORED) ?? 'es-MX'))
  const [timeZone, setTimeZone] = useState(DEFAULT_ZONE)
  const [shown, setShown] = useState<{ locale: Locale; messages: Messages } | null>(null)

  useEffect(() => {
    let wanted = true
    void LOAD[locale]().then(({ default: messages }) => {
      if (!wanted) return
      setShown({ locale, messages })
      document.documentElement.lang = locale
    })
    return () => {
      wanted = false
    }
  }, [locale])

  const language = useMemo<Language>(
    () => ({
      locale,
      timeZone,
      setLocale: (chosen) => {
        localStorage.setItem(STORED, chosen)
        setLocale(chosen)
      },
      follow: (account) => {
        setTimeZone(account.time_zone)
        if (!localStorage.getItem(STORED)) setLocale(toLocale(account.language))
      },
    }),
    [locale, timeZone],
  )
  if (!shown) return null
  return (
    <Current value={language}>
      <AriaLocale locale={shown.locale}>
        <IntlProvider locale={shown.locale} messages={shown.messages} timeZone={timeZone}>
          {children}
        </IntlProvider>
      </AriaLocale>
    </Current>
  )
}
