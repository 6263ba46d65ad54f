import { Link, useNavigate } from '@tanstack/react-router'
import { ListFilter, X } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { SearchBox } from '@/ui/fields'
import { Button, cx } from '@/ui/kit'
import { useFilterWords } from './filter-words'
import { type Filters, VIEWS, type View, viewOf } from './filters'

const FiltersDialog = lazy(async () => ({ default: (await import('./filters-dialog')).FiltersDialog }))
const TYPING_MS = 250

/** Search, saved views and filters: all of them stand in the address. */
export function FilterBar({ filters }: { filters: Filters }) {
  const t = useTranslations('inbox')
  const navigate = useNavigate({ from: '/inbox' })
  const [isOpen, setOpen] = useState(false)
  const set = (next: Filters) => void navigate({ to: '.', search: next })
  return (
    <>
      <div className="flex gap-2">
        <Search filters={filters} />
        <Button aria-label={t('filters.open')} size="icon" onPress={() => setOpen(true)}>
          <ListFilter aria-hidden="true" className="size-4" />
        </Button>
      </div>
      <Views filters={filters} />
      <Chips filters={filters} onChange={set} />
      <Suspense>{isOpen && <FiltersDialog filters={filters} onChange={set} onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}

function Search({ filters }: { filters: Filters }) {
  const t = useTranslations('inbox')
  const navigate = useNavigate({ from: '/inbox' })
  const shown = filters.q ?? ''
  const [typed, setTyped] = useState(shown)
  // Going back, or clearing the filters, changes the address and not the field.
  const [known, setKnown] = useState(shown)
  if (known !== shown) {
    setKnown(shown)
    setTyped(shown)
  }
  useEffect(() => {
    if (typed.trim() === shown) return
    const timer = setTimeout(() => {
      const q = typed.trim()
      setKnown(q)
      void navigate({ to: '.', search: ({ q: _, ...rest }) => (q ? { ...rest, q } : rest), replace: true })
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed, shown, navigate])
  return <SearchBox label={t('search')} value={typed} onChange={setTyped} className="flex-1" />
}

function Views({ filters }: { filters: Filters }) {
  const t = useTranslations('inbox.views')
  const current = viewOf(filters)
  return (
    <nav aria-label={t('title')} className="-mx-1 flex gap-0.5 overflow-x-auto px-1 [scrollbar-width:none]">
      {(Object.keys(VIEWS) as View[]).map((view) => (
        <Link
          key={view}
          to="/inbox"
          search={{ ...VIEWS[view], ...(filters.q && { q: filters.q }) }}
          aria-current={view === current ? 'page' : undefined}
          activeOptions={{ exact: true }}
          className={cx(
            'flex h-6 shrink-0 items-center rounded-full px-2.5 text-xs whitespace-nowrap -outline-offset-2!',
            view === current ? 'bg-agave-soft font-medium text-agave-ink' : 'text-ink-2 hover:bg-sunken hover:text-ink',
          )}
        >
          {t(view)}
        </Link>
      ))}
    </nav>
  )
}

/** The filters that no saved view says already, each with a way to take it off. */
function Chips({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const t = useTranslations('inbox.filters')
  const words = useFilterWords(filters)
  if (viewOf(filters) || words.length === 0) return null
  return (
    <ul aria-label={t('active')} className="flex flex-wrap gap-1">
      {words.map(({ keys, name }) => (
        <li key={keys.join()}>
          <Button
            size="sm"
            className="h-6! rounded-full! px-2! font-normal"
            aria-label={t('remove', { filter: name })}
            onPress={() => {
              const rest = { ...filters }
              for (const key of keys) delete rest[key]
              onChange(rest)
            }}
          >
            {name}
            <X aria-hidden="true" className="size-3" />
          </Button>
        </li>
      ))}
    </ul>
  )
}
