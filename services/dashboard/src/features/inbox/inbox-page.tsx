import { Outlet, useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { PenLine } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslations } from 'use-intl'
import { useKeys } from '@/app/keys'
import { useMay, useSession } from '@/app/session'
import { Empty, ErrorState } from '@/ui/empty'
import { Button, cx, Key, LinkButton } from '@/ui/kit'
import { PageTitle } from '@/ui/page'
import { ConversationList } from './conversation-list'
import { FilterBar } from './filter-bar'
import { hasFilters } from './filters'
import { type ListState, useListState } from './list-state'

const NewDialog = lazy(async () => ({ default: (await import('./new-dialog')).NewDialog }))
/** `#new` opens the dialog that writes to a new number; `#new:+525512345678` with the number in it. */
const NEW = /^new(?::(.*))?$/

export function InboxPage() {
  const t = useTranslations('inbox')
  const filters = useSearch({ from: '/shell/inbox' })
  const navigate = useNavigate({ from: '/inbox' })
  const { id } = useParams({ strict: false })
  const { hash } = useLocation()
  const may = useMay()
  const list = useListState(filters)
  const writing = NEW.exec(hash)
  const setHash = (to?: string) => void navigate({ to: '.', search: (search) => search, ...(to && { hash: to }) })
  const canSend = may('conversations:send')
  useKeys({ n: () => canSend && setHash('new') })

  return (
    <div className="grid h-full grid-cols-[minmax(18rem,23rem)_minmax(0,1fr)] grid-rows-1 max-md:grid-cols-1">
      <section
        aria-labelledby="inbox-title"
        className={cx('flex min-h-0 flex-col border-r border-line bg-surface', id && 'max-md:hidden')}
      >
        <div className="flex flex-col gap-2 border-b border-line px-3 pt-3 pb-2">
          <div className="flex items-center gap-3">
            <div id="inbox-title" className="min-w-0 flex-1">
              <PageTitle className="text-lg">{t('title')}</PageTitle>
            </div>
            <p className="text-xs text-ink-2 tnum" aria-live="polite">
              {list.head.data && t('count', { count: list.total })}
            </p>
            {canSend && (
              <Button size="icon-sm" aria-label={t('compose')} onPress={() => setHash('new')}>
                <PenLine aria-hidden="true" className="size-3.5" />
              </Button>
            )}
          </div>
          <FilterBar filters={filters} />
        </div>
        <ListBody list={list} isFiltered={hasFilters(filters)} onWrite={canSend ? () => setHash('new') : undefined} />
      </section>
      {id ? <Outlet /> : <Nothing />}
      <Suspense>
        {writing && canSend && <NewDialog phone={decodeURIComponent(writing[1] ?? '')} onClose={() => setHash()} />}
      </Suspense>
    </div>
  )
}

function ListBody({
  list,
  isFiltered,
  onWrite,
}: {
  list: ListState
  isFiltered: boolean
  onWrite: (() => void) | undefined
}) {
  const t = useTranslations('inbox')
  const tUi = useTranslations('ui')
  const navigate = useNavigate({ from: '/inbox' })
  const { sandbox } = useSession()
  const { head } = list
  if (head.isError && !head.data) {
    return <ErrorState title={t('list.failedToLoad')} error={head.error} onRetry={() => void head.refetch()} />
  }
  if (!head.data || list.total > 0) return <ConversationList list={list} />
  if (isFiltered) {
    return (
      <Empty
        title={t('list.filtered')}
        hint={t('list.filteredHint')}
        action={<Button onPress={() => void navigate({ search: {} })}>{tUi('clearFilters')}</Button>}
      />
    )
  }
  return (
    <Empty
      title={t('list.empty')}
      hint={t('list.emptyHint')}
      action={
        <div className="flex flex-wrap justify-center gap-2">
          {onWrite && (
            <Button variant="primary" onPress={onWrite}>
              {t('list.emptyAction')}
            </Button>
          )}
          {sandbox && <LinkButton to="/phone">{t('list.simulate')}</LinkButton>}
        </div>
      }
    />
  )
}

const HINTED = ['J', 'K', 'R']

/** What stands beside the list while no conversation is open. */
function Nothing() {
  const t = useTranslations('inbox')
  return (
    <div className="max-md:hidden">
      <Empty
        title={t('pick')}
        hint={t('pickHint')}
        action={
          <span aria-hidden="true" className="flex gap-1.5 pt-1">
            {HINTED.map((key) => (
              <Key key={key}>{key}</Key>
            ))}
          </span>
        }
      />
    </div>
  )
}
