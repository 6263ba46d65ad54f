import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Download, Plus, Upload } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { Guard } from '@/app/guard'
import { useKeys } from '@/app/keys'
import { useMay } from '@/app/session'
import { Empty, ErrorState } from '@/ui/empty'
import { SearchBox } from '@/ui/fields'
import { Button, DownloadButton, LinkButton } from '@/ui/kit'
import { PageTitle } from '@/ui/page'
import { ContactDetail } from './contact-detail'
import { ContactForm } from './contact-form'
import { countQuery } from './contact-queries'
import { ContactTable, TableSkeleton } from './contact-table'

const route = getRouteApi('/shell/contacts')
const TYPING_MS = 250
const LONGEST_SEARCH = 100

export function ContactsPage() {
  const [isCreating, setCreating] = useState(false)
  const { q = '', id } = route.useSearch()
  const navigate = route.useNavigate()
  const open = (contact: string | undefined) =>
    void navigate({ search: (former) => ({ ...former, id: contact }), replace: id !== undefined })
  return (
    <div className="flex h-full min-w-0">
      <div className="flex min-w-0 flex-1 flex-col">
        <Head q={q} onCreate={() => setCreating(true)} />
        <div className="min-h-0 flex-1 px-8 pb-6 max-md:px-4">
          <Guard need="contacts:read">
            <Results q={q} selected={id} onCreate={() => setCreating(true)} />
          </Guard>
        </div>
      </div>
      {id && <ContactDetail key={id} id={id} onClose={() => open(undefined)} />}
      {isCreating && (
        <ContactForm
          contact={null}
          onClose={() => setCreating(false)}
          onSaved={(contact) => {
            setCreating(false)
            open(contact.id)
          }}
        />
      )}
    </div>
  )
}

/** The title, how many there are, what can be done with all of them, and the search. */
function Head({ q, onCreate }: { q: string; onCreate: () => void }) {
  const t = useTranslations('contacts')
  const may = useMay()
  const { data } = useQuery({ ...countQuery(q), enabled: may('contacts:read') })
  useKeys({ n: () => may('contacts:write') && onCreate() })
  return (
    <div className="flex flex-col gap-3 px-8 pt-6 pb-4 max-md:px-4 max-md:pt-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <PageTitle>{t('title')}</PageTitle>
          <p className="h-5 text-sm text-ink-2 tnum" role="status">
            {data && t('count', { n: data.total })}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {may('contacts:export') && (
            <DownloadButton href="/api/contacts/export" download title={t('exportHint')}>
              <Download aria-hidden="true" className="size-4" />
              {t('export')}
            </DownloadButton>
          )}
          {may('contacts:import') && (
            <LinkButton to="/contacts/import">
              <Upload aria-hidden="true" className="size-4" />
              {t('import.title')}
            </LinkButton>
          )}
          {may('contacts:write') && (
            <Button variant="primary" onPress={onCreate}>
              <Plus aria-hidden="true" className="size-4" />
              {t('new')}
            </Button>
          )}
        </div>
      </div>
      {may('contacts:read') && <Search q={q} />}
    </div>
  )
}

/** Writes the search into the address once the typing rests; follows the address when it changes by itself. */
function Search({ q }: { q: string }) {
  const t = useTranslations('contacts')
  const navigate = route.useNavigate()
  const [text, setText] = useState(q)
  const [shown, setShown] = useState(q)
  if (q !== shown) {
    setShown(q)
    if (q !== text.trim()) setText(q)
  }
  useEffect(() => {
    const wanted = text.trim().slice(0, LONGEST_SEARCH)
    if (wanted === shown) return
    const timer = setTimeout(
      () => void navigate({ search: (former) => ({ ...former, q: wanted || undefined }), replace: true }),
      TYPING_MS,
    )
    return () => clearTimeout(timer)
  }, [text, shown, navigate])
  return <SearchBox label={t('search')} value={text} onChange={setText} className="w-80 max-w-full" />
}

function Results({ q, selected, onCreate }: { q: string; selected: string | undefined; onCreate: () => void }) {
  const t = useTranslations('contacts')
  const ui = useTranslations('ui')
  const format = useFormatter()
  const may = useMay()
  const navigate = route.useNavigate()
  const { data, error, isPending, refetch } = useQuery(countQuery(q))
  if (isPending) return <TableSkeleton />
  if (error && !data) return <ErrorState error={error} title={t('error')} onRetry={() => void refetch()} />
  if (data.total > 0) return <ContactTable q={q} total={data.total} selected={selected} format={format} />
  if (q) {
    return (
      <Empty
        title={t('filteredEmpty', { q })}
        hint={t('filteredEmptyHint')}
        action={
          <Button onPress={() => void navigate({ search: (former) => ({ ...former, q: undefined }) })}>
            {ui('clearSearch')}
          </Button>
        }
      />
    )
  }
  return (
    <Empty
      title={t('empty')}
      hint={t('emptyHint')}
      action={
        <div className="flex gap-2">
          {may('contacts:write') && (
            <Button variant="primary" onPress={onCreate}>
              {t('new')}
            </Button>
          )}
          {may('contacts:import') && <LinkButton to="/contacts/import">{t('import.title')}</LinkButton>}
        </div>
      }
    />
  )
}
