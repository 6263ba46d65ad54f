import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useLanguage } from '@/i18n'
import { isPermission, PERMISSIONS } from '@/lib/permissions'
import { cityOf } from '@/lib/zones'
import { Empty, ErrorState } from '@/ui/empty'
import { Button, Mono } from '@/ui/kit'
import { Select } from '@/ui/select'
import { type Column, Pager, Table } from '@/ui/table'
import { type AuditEntry, auditQuery, everyoneQuery, PAGE } from './queries'

const route = getRouteApi('/shell/people')
const ALL = 'all'
/** What is audited is a write: reading leaves no entry. */
const ACTIONS = PERMISSIONS.filter((permission) => !permission.endsWith(':read'))
/** What needs no permission and is written down all the same. */
const DID = ['session:sign-in', 'session:refused', 'invitations:accept'] as const

/** What was changed, by whom and when, newest first. */
export function AuditLog() {
  const t = useTranslations('people')
  const ui = useTranslations('ui')
  const { locale, timeZone } = useLanguage()
  const { user, action } = route.useSearch()
  const navigate = route.useNavigate()
  const [page, setPage] = useState(0)
  const { data, error, isPending, refetch } = useQuery(auditQuery(page, user, action))
  const columns = useColumns()
  const filter = (to: { user?: string | undefined; action?: string | undefined }) => {
    setPage(0)
    void navigate({ search: { tab: 'audit', user, action, ...to }, replace: true })
  }
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-ink-2">{t('audit.lead', { zone: cityOf(timeZone, locale) })}</p>
      <Filters user={user} action={action} onChange={filter} />
      {error && !data ? (
        <ErrorState error={error} title={t('audit.error')} onRetry={() => void refetch()} />
      ) : data?.total === 0 ? (
        user || action ? (
          <Empty
            title={t('audit.filteredEmpty')}
            action={
              <Button onPress={() => filter({ user: undefined, action: undefined })}>{ui('clearFilters')}</Button>
            }
          />
        ) : (
          <Empty title={t('audit.empty')} />
        )
      ) : (
        <div>
          <Table
            label={t('tabs.audit')}
            columns={columns}
            rows={data?.items ?? []}
            keyOf={(entry) => entry.id}
            isLoading={isPending}
          />
          <Pager
            offset={page * PAGE}
            limit={PAGE}
            total={data?.total ?? 0}
            onChange={(offset) => setPage(offset / PAGE)}
          />
        </div>
      )}
    </div>
  )
}

function Filters({
  user,
  action,
  onChange,
}: {
  user: string | undefined
  action: string | undefined
  onChange: (to: { user?: string | undefined; action?: string | undefined }) => void
}) {
  const t = useTranslations('people')
  const { data: everyone } = useQuery(everyoneQuery)
  const chosen = (id: string) => (id === ALL ? undefined : id)
  return (
    <div className="flex flex-wrap gap-4">
      <Select
        label={t('audit.user')}
        value={user ?? ALL}
        onChange={(id) => onChange({ user: chosen(id) })}
        options={[
          { id: ALL, name: t('audit.everyone') },
          ...(everyone?.items ?? []).map((u) => ({ id: u.id, name: u.name || u.email })),
        ]}
        className="w-56"
      />
      <Select
        label={t('audit.action')}
        value={action ?? ALL}
        onChange={(id) => onChange({ action: chosen(id) })}
        options={[
          { id: ALL, name: t('audit.everyAction') },
          ...ACTIONS.map((id) => ({ id, name: t(`permission.${id}`) })),
        ]}
        className="w-72"
      />
    </div>
  )
}

function useColumns(): Column<AuditEntry>[] {
  const t = useTranslations('people')
  const format = useFormatter()
  return [
    {
      id: 'at',
      name: t('audit.columns.at'),
      className: 'whitespace-nowrap tnum',
      cell: (entry) =>
        format.dateTime(new Date(entry.at), { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }),
    },
    { id: 'user', name: t('audit.columns.user'), cell: (entry) => entry.user?.name ?? t('audit.system') },
    {
      id: 'action',
      name: t('audit.columns.action'),
      isRowHeader: true,
      cell: ({ action }) => {
        if (isPermission(action)) return t(`permission.${action}`)
        const did = DID.find((known) => known === action)
        return did ? t(`audit.did.${did}`) : action
      },
    },
    {
      id: 'request',
      name: t('audit.columns.request'),
      wideOnly: true,
      className: 'max-w-72',
      cell: (entry) => (
        <Mono className="block truncate text-xs text-ink-2">
          {entry.method} {entry.path}
        </Mono>
      ),
    },
    {
      id: 'status',
      name: t('audit.columns.status'),
      align: 'end',
      cell: (entry) => <Mono className={entry.status >= 400 ? 'text-grana' : ''}>{entry.status}</Mono>,
    },
    {
      id: 'id',
      name: t('audit.columns.id'),
      wideOnly: true,
      className: 'max-w-28',
      cell: (entry) => (
        <Mono className="block truncate text-xs text-ink-2">
          <span title={entry.request_id}>{entry.request_id}</span>
        </Mono>
      ),
    },
  ]
}
