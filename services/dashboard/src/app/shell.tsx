import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { sessionEnd } from '@/api/client'
import type { LiveState } from '@/api/events'
import { useLanguage } from '@/i18n'
import { CLOCK } from '@/i18n/formats'
import { Toasts } from '@/ui/toast'
import { useGoKeys, useKeys } from './keys'
import { useLiveEvents } from './live'
import { BottomBar, Rail } from './rail'
import { sectionsOf } from './sections'
import { useSession } from './session'

const Palette = lazy(async () => ({ default: (await import('./palette')).Palette }))
const KeysHelp = lazy(async () => ({ default: (await import('./keys-help')).KeysHelp }))

/** The frame around every page of somebody who is signed in. */
export function Shell() {
  const t = useTranslations('app')
  const navigate = useNavigate()
  const session = useSession()
  const { follow } = useLanguage()
  const [open, setOpen] = useState<'palette' | 'help' | null>(null)
  const close = () => setOpen(null)

  const { time_zone, language } = session.account
  // biome-ignore lint/correctness/useExhaustiveDependencies: `follow` is new on each change of language, which it must not undo.
  useEffect(() => follow({ time_zone, language }), [time_zone, language])

  const toLogin = () => {
    if (location.pathname === '/login') return
    void navigate({ to: '/login', search: { next: location.pathname + location.search } })
  }
  const live = useLiveEvents(toLogin)
  useSessionLost(toLogin)
  useGoKeys((letter) => {
    const section = sectionsOf(session).find(({ go }) => go === letter)
    if (section) void navigate({ to: section.to })
    return section !== undefined
  })
  useKeys({
    '?': () => setOpen('help'),
    '/': () => document.querySelector<HTMLInputElement>('[data-search]')?.focus(),
  })
  usePaletteKey(() => setOpen('palette'))

  return (
    <div className="flex h-full flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute! focus:z-50 focus:m-2 focus:rounded-control focus:bg-surface focus:px-3 focus:py-2"
      >
        {t('skip')}
      </a>
      {session.sandbox && <SandboxRibbon />}
      <div className="grid min-h-0 flex-1 grid-cols-[13rem_minmax(0,1fr)] max-lg:grid-cols-[3.5rem_minmax(0,1fr)] max-md:grid-cols-1">
        <Rail live={live} openHelp={() => setOpen('help')} openPalette={() => setOpen('palette')} />
        <main id="main" tabIndex={-1} className="flex min-h-0 min-w-0 flex-col overflow-hidden outline-none!">
          {live && !live.live && <StaleStrip state={live} />}
          <div className="min-h-0 flex-1">
            <Outlet />
          </div>
        </main>
      </div>
      <BottomBar openHelp={() => setOpen('help')} />
      <Toasts />
      <Suspense>
        {open === 'palette' && <Palette onClose={close} openHelp={() => setOpen('help')} />}
        {open === 'help' && <KeysHelp onClose={close} />}
      </Suspense>
    </div>
  )
}

function SandboxRibbon() {
  const t = useTranslations('app')
  return (
    <div
      role="region"
      aria-label={t('sandboxTitle')}
      className="flex min-h-7 shrink-0 flex-wrap items-center justify-center gap-x-3 bg-cempa-soft px-3 py-0.5 text-xs text-cempa-ink"
    >
      <p>
        <span className="md:hidden">{t('sandboxTitle')}</span>
        <span className="max-md:hidden">{t('sandbox')}</span>
      </p>
      <Link to="/phone" className="inline-flex min-h-6 items-center font-medium underline underline-offset-2">
        {t('openPhone')}
      </Link>
    </div>
  )
}

function StaleStrip({ state }: { state: LiveState }) {
  const t = useTranslations('app.live')
  const format = useFormatter()
  return (
    <p className="shrink-0 border-b border-line bg-cempa-soft px-4 py-1 text-sm text-cempa-ink">
      {t('since', {
        time: format.dateTime(new Date(state.since), CLOCK),
      })}
    </p>
  )
}

function useSessionLost(onLost: () => void) {
  useEffect(() => {
    sessionEnd.addEventListener('lost', onLost)
    return () => sessionEnd.removeEventListener('lost', onLost)
  })
}

function usePaletteKey(onPress: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      onPress()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })
}
