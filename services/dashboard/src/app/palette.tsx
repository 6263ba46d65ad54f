import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Keyboard, Languages, LogOut, Moon, PenLine, Sun } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { api, data } from '@/api/client'
import { useLanguage } from '@/i18n'
import { showPhone } from '@/lib/phone'
import { type Command, CommandDialog, CommandList } from '@/ui/command-list'
import { NumberTag } from '@/ui/number-tag'
import { sectionsOf } from './sections'
import { useMay, useSession, useSignOut } from './session'
import { useTheme } from './theme'

const FOUND = 6
const TYPING_MS = 180

function useLater(value: string) {
  const [later, setLater] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), TYPING_MS)
    return () => clearTimeout(timer)
  }, [value])
  return later
}

/** Without accents and case: "numeros" finds "Números". */
const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()

/** What Ctrl+K opens: sections, conversations by name or last four digits, and actions. */
export function Palette({ onClose, openHelp }: { onClose: () => void; openHelp: () => void }) {
  const t = useTranslations('app')
  const navigate = useNavigate()
  const session = useSession()
  const [typed, setTyped] = useState('')
  const q = useLater(typed.trim())
  const found = useQuery({
    queryKey: ['conversations', 'palette', q],
    enabled: q.length >= 2,
    queryFn: ({ signal }) => data(api.GET('/api/conversations/', { params: { query: { q, limit: FOUND } }, signal })),
  })
  const leaving = (act: () => void) => () => {
    onClose()
    act()
  }
  const matching = (commands: Command[]) => commands.filter(({ name }) => plain(name).includes(plain(typed.trim())))
  const go = sectionsOf(session).map(({ id, to, Icon, go: letter }) => ({
    id: `go-${id}`,
    name: t(`nav.${id}`),
    icon: <Icon aria-hidden="true" className="size-4 text-ink-3" strokeWidth={1.75} />,
    detail: (
      <span aria-hidden="true" className="kbd">
        {`g ${letter}`}
      </span>
    ),
    onAction: leaving(() => void navigate({ to })),
  }))
  const conversations = (typed.trim().length >= 2 ? (found.data?.items ?? []) : []).map((conversation) => ({
    id: conversation.id,
    name: conversation.contact.name || showPhone(conversation.contact.phone_number),
    detail: (
      <span className="flex items-center gap-3 text-xs text-ink-2 tnum">
        {showPhone(conversation.contact.phone_number)}
        <NumberTag number={conversation.from_twilio_number} label={conversation.number_label} />
      </span>
    ),
    onAction: leaving(() => void navigate({ to: '/inbox/$id', params: { id: conversation.id } })),
  }))
  const actions = useActions(leaving, openHelp)
  return (
    <CommandDialog label={t('palette.title')} onClose={onClose}>
      <CommandList
        label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        value={typed}
        onChange={setTyped}
        empty={t('palette.empty')}
        groups={[
          { id: 'conversations', title: t('palette.conversations'), commands: conversations },
          { id: 'go', title: t('palette.go'), commands: matching(go) },
          { id: 'actions', title: t('palette.actions'), commands: matching(actions) },
        ]}
      />
    </CommandDialog>
  )
}

function useActions(leaving: (act: () => void) => () => void, openHelp: () => void): Command[] {
  const t = useTranslations('app')
  const navigate = useNavigate()
  const may = useMay()
  const { locale, setLocale } = useLanguage()
  const { isDark, setTheme } = useTheme()
  const signOut = useSignOut()
  const other = locale === 'en' ? 'es-MX' : 'en'
  const look = { 'aria-hidden': true, className: 'size-4 text-ink-3', strokeWidth: 1.75 } as const
  const compose: Command = {
    id: 'compose',
    name: t('palette.compose'),
    icon: <PenLine {...look} />,
    onAction: leaving(() => void navigate({ to: '/inbox', hash: 'new' })),
  }
  return [
    ...(may('conversations:send') ? [compose] : []),
    { id: 'keys', name: t('palette.keys'), icon: <Keyboard {...look} />, onAction: openHelp },
    {
      id: 'theme',
      name: t(isDark ? 'theme.light' : 'theme.dark'),
      icon: isDark ? <Sun {...look} /> : <Moon {...look} />,
      onAction: leaving(() => setTheme(!isDark)),
    },
    {
      id: 'language',
      name: t(`language.${other}`),
      icon: <Languages {...look} />,
      onAction: leaving(() => setLocale(other)),
    },
    { id: 'sign-out', name: t('signOut'), icon: <LogOut {...look} />, onAction: leaving(() => void signOut()) },
  ]
}
