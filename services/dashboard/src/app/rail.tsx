import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronsUpDown, Command, Ellipsis } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { api, data } from '@/api/client'
import type { LiveState } from '@/api/events'
import { useLanguage } from '@/i18n'
import { Brand } from '@/ui/brand'
import { Button, cx } from '@/ui/kit'
import { MenuButton, type MenuGroup } from '@/ui/menu'
import { type Section, sectionsOf } from './sections'
import { useSession, useSignOut } from './session'
import { useTheme } from './theme'

const countsQuery = {
  queryKey: ['counts'] as const,
  queryFn: ({ signal }: { signal: AbortSignal }) => data(api.GET('/api/conversations/counts', { signal })),
}
/** The server counts no further. */
const MOST = 10_000
const shown = (count: number) => (count >= MOST ? '9999+' : String(count))

function Unread({ className }: { className?: string }) {
  const t = useTranslations('app')
  const { data: counts } = useQuery(countsQuery)
  if (!counts?.unread) return null
  return (
    <span
      className={cx(
        'grid h-4.5 min-w-4.5 place-items-center rounded-full bg-agave px-1 text-2xs font-semibold text-on-fill tnum',
        className,
      )}
    >
      <span aria-hidden="true">{shown(counts.unread)}</span>
      <span className="sr-only">{t('unread', { count: counts.unread })}</span>
    </span>
  )
}

/** Language, theme, keys and the way out. */
function useUserMenu(openHelp: () => void): MenuGroup[] {
  const t = useTranslations('app')
  const { locale, setLocale } = useLanguage()
  const { isDark, setTheme } = useTheme()
  const signOut = useSignOut()
  return [
    {
      id: 'language',
      title: t('language.title'),
      items: (['es-MX', 'en'] as const).map((id) => ({
        id,
        name: t(`language.${id}`),
        isChecked: locale === id,
        onAction: () => setLocale(id),
      })),
    },
    {
      id: 'more',
      items: [
        { id: 'theme', name: t(isDark ? 'theme.light' : 'theme.dark'), onAction: () => setTheme(!isDark) },
        { id: 'keys', name: t('keys.title'), hint: '?', onAction: openHelp },
        { id: 'sign-out', name: t('signOut'), onAction: () => void signOut() },
      ],
    },
  ]
}

/** Whether what is on screen is kept up to date: always in sight, in words. */
function LiveLine({ live }: { live: LiveState | null }) {
  const t = useTranslations('app.live')
  const words = live === null ? t('connecting') : live.live ? t('on') : t('off')
  return (
    <p role="status" className="flex h-6 items-center gap-2 px-2 text-xs text-ink-2" title={words}>
      <span
        aria-hidden="true"
        className={cx('size-2 shrink-0', live?.live ? 'rounded-full bg-agave' : 'rounded-[1px] bg-cempa')}
      />
      <span className="max-lg:sr-only">{words}</span>
    </p>
  )
}

/** The rail of sections; under 1024 px it keeps only the icons, under 768 px it gives way to the bar below. */
export function Rail({
  live,
  openHelp,
  openPalette,
}: {
  live: LiveState | null
  openHelp: () => void
  openPalette: () => void
}) {
  const t = useTranslations('app')
  const session = useSession()
  const menu = useUserMenu(openHelp)
  return (
    <header className="flex min-h-0 flex-col gap-1 overflow-y-auto border-r border-line px-2 py-3 max-md:hidden">
      <div className="flex h-9 items-center px-2 pb-2">
        <Brand nameClassName="max-lg:sr-only" />
      </div>
      <nav aria-label={t('navigation')} className="flex flex-col gap-0.5">
        {sectionsOf(session).map((section) => (
          <RailLink key={section.id} section={section} />
        ))}
      </nav>
      <div className="mt-auto flex flex-col gap-1 pt-4">
        <LiveLine live={live} />
        <Button variant="plain" onPress={openPalette} className="justify-start! px-2! text-sm">
          <Command aria-hidden="true" className="size-4 shrink-0" strokeWidth={1.75} />
          <span className="flex-1 text-left font-normal max-lg:sr-only">{t('palette.title')}</span>
          <span aria-hidden="true" className="kbd max-lg:hidden">
            Ctrl K
          </span>
        </Button>
        <MenuButton
          variant="plain"
          groups={menu}
          placement="right bottom"
          className="h-11! justify-start! px-1.5! text-left"
        >
          <Initials name={session.user.name} />
          <span className="min-w-0 flex-1 max-lg:sr-only">
            <span className="sr-only">{t('user')}</span>
            <span className="block truncate text-sm text-ink">{session.user.name}</span>
            <span className="block truncate text-2xs font-normal text-ink-2">{session.account.name}</span>
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-3.5 shrink-0 text-ink-3 max-lg:hidden" />
        </MenuButton>
      </div>
    </header>
  )
}

function RailLink({ section: { id, to, Icon, go } }: { section: Section }) {
  const t = useTranslations('app.nav')
  return (
    <Link
      to={to}
      activeOptions={{ includeSearch: false }}
      className="group relative flex h-8 items-center gap-2.5 rounded-control px-2 text-sm text-ink-2 hover:bg-sunken hover:text-ink"
      activeProps={{ className: 'bg-surface! text-ink! font-medium shadow-[inset_0_0_0_1px_var(--line)]' }}
    >
      <Icon aria-hidden="true" className="size-4 shrink-0" strokeWidth={1.75} />
      <span className="flex-1 truncate max-lg:sr-only">{t(id)}</span>
      {id === 'inbox' && <Unread className="max-lg:absolute max-lg:-top-1 max-lg:right-0" />}
      <span aria-hidden="true" className="kbd hidden group-hover:inline group-focus-visible:inline max-lg:hidden!">
        {`g ${go}`}
      </span>
    </Link>
  )
}

function Initials({ name }: { name: string }) {
  const initials = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0] ?? '')
    .join('')
  return (
    <span
      aria-hidden="true"
      className="grid size-7 shrink-0 place-items-center rounded-full bg-agave-soft text-xs font-semibold text-agave-ink"
    >
      {initials.toUpperCase()}
    </span>
  )
}

const IN_THE_BAR = 4

/** The bar at the bottom of a narrow screen: four sections, and the rest in a menu. */
export function BottomBar({ openHelp }: { openHelp: () => void }) {
  const t = useTranslations('app')
  const session = useSession()
  const navigate = useNavigate()
  const sections = sectionsOf(session)
  const rest: MenuGroup = {
    id: 'sections',
    items: sections.slice(IN_THE_BAR).map(({ id, to, Icon }) => ({
      id,
      name: t(`nav.${id}`),
      icon: <Icon aria-hidden="true" className="size-4 text-ink-2" strokeWidth={1.75} />,
      onAction: () => void navigate({ to }),
    })),
  }
  const look = 'flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-[0.65rem] leading-4 text-ink-2'
  return (
    <div className="flex h-14 shrink-0 items-stretch border-t border-line bg-paper px-1 md:hidden">
      <nav aria-label={t('navigation')} className="flex min-w-0 flex-4">
        {sections.slice(0, IN_THE_BAR).map(({ id, to, Icon }) => (
          <Link
            key={id}
            to={to}
            activeOptions={{ includeSearch: false }}
            className={look}
            activeProps={{ className: 'text-agave-ink! font-medium' }}
          >
            <span className="relative">
              <Icon aria-hidden="true" className="size-5" strokeWidth={1.75} />
              {id === 'inbox' && <Unread className="absolute -top-1.5 left-3" />}
            </span>
            <span className="max-w-full truncate tracking-tight">{t(`nav.${id}`)}</span>
          </Link>
        ))}
      </nav>
      <MenuButton
        variant="plain"
        groups={[rest, ...useUserMenu(openHelp)]}
        placement="top end"
        className="h-full! flex-1 flex-col gap-0.5! px-0! text-[0.65rem]! leading-4! font-normal!"
      >
        <Ellipsis aria-hidden="true" className="size-5" />
        {t('more')}
      </MenuButton>
    </div>
  )
}
