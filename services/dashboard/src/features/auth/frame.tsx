import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useLanguage } from '@/i18n'
import { Brand } from '@/ui/brand'
import { Button } from '@/ui/kit'

/** The page of somebody who is not signed in: a form, and the product's promise drawn beside it. */
export function AuthFrame({ children }: { children: ReactNode }) {
  const t = useTranslations('auth')
  const { locale, setLocale } = useLanguage()
  return (
    <main className="grid h-full grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)] max-md:grid-cols-1">
      <div className="flex flex-col gap-8 overflow-y-auto p-8 max-md:p-5">
        <div className="flex items-center justify-between">
          <Brand />
          <Button variant="plain" size="sm" onPress={() => setLocale(locale === 'en' ? 'es-MX' : 'en')}>
            <span lang={locale === 'en' ? 'es' : 'en'}>{t('language')}</span>
          </Button>
        </div>
        <div className="mx-auto my-auto w-full max-w-80 pb-16">{children}</div>
      </div>
      <Threads claim={t('claim')} />
    </main>
  )
}

const LINES = 16
const LIT = 6

/** Sixteen lines, one of them lit, into one person. */
function Threads({ claim }: { claim: string }) {
  const gold = 'oklch(0.83 0.14 85)'
  return (
    <div className="relative overflow-hidden bg-[oklch(0.33_0.06_176)] text-[oklch(0.95_0.03_95)] max-md:hidden">
      <svg
        aria-hidden="true"
        viewBox="0 0 560 720"
        className="absolute inset-0 size-full"
        preserveAspectRatio="xMidYMid slice"
      >
        {Array.from({ length: LINES }, (_, line) => {
          const y = 48 + line * 34
          const end = 300 + (line - LIT) * 9
          const lit = line === LIT
          return (
            <g key={y} opacity={lit ? 1 : 0.28}>
              <path
                d={`M70 ${y} C 220 ${y}, 300 ${end}, 490 ${end}`}
                fill="none"
                stroke={lit ? gold : 'currentColor'}
                strokeWidth={lit ? 3 : 1.25}
              />
              <circle cx="70" cy={y} r={lit ? 7 : 4} fill={lit ? gold : 'currentColor'} />
            </g>
          )
        })}
        <circle cx="502" cy="300" r="12" fill="none" stroke={gold} strokeWidth="3" />
      </svg>
      <p className="absolute bottom-10 left-10 max-w-80 text-xl leading-7 font-medium text-balance">{claim}</p>
    </div>
  )
}
