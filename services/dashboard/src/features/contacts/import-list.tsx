import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useFormatter, useTranslations } from 'use-intl'
import { useServerEvent } from '@/app/live'
import { ErrorState } from '@/ui/empty'
import { Section } from '@/ui/page'
import { type Column, Table } from '@/ui/table'
import { ImportState } from './import-counts'
import { type Import, importsQuery } from './import-queries'

/** The latest imports of the account; the running ones move by live events. */
export function ImportList({ current }: { current: string | undefined }) {
  const t = useTranslations('contacts.import')
  const format = useFormatter()
  const client = useQueryClient()
  const { data, error, isPending, refetch } = useQuery(importsQuery)
  useServerEvent('import_progressed', ({ import: now }) =>
    client.setQueryData(importsQuery.queryKey, (former) => {
      const place = former?.items.findIndex((i) => i.id === now.id) ?? -1
      if (!former) return former
      return { ...former, items: place < 0 ? [now, ...former.items] : former.items.with(place, now) }
    }),
  )
  const columns: Column<Import>[] = [
    {
      id: 'file',
      name: t('list.file'),
      isRowHeader: true,
      className: 'max-w-64',
      cell: (row) => (
        <Link
          to="/contacts/import"
          search={{ id: row.id }}
          aria-current={row.id === current ? 'true' : undefined}
          className="block truncate underline decoration-line-strong underline-offset-3 hover:decoration-ink"
        >
          {row.file_name}
        </Link>
      ),
    },
    { id: 'state', name: t('list.state'), cell: (row) => <ImportState state={row.state} /> },
    ...(['created', 'updated', 'skipped', 'rejected'] as const).map(
      (id): Column<Import> => ({
        id,
        name: t(id),
        align: 'end',
        wideOnly: true,
        className: 'tnum',
        cell: (row) => format.number(row[id]),
      }),
    ),
    {
      id: 'when',
      name: t('list.when'),
      className: 'whitespace-nowrap text-ink-2 tnum',
      cell: (row) => format.dateTime(new Date(row.created_at), { dateStyle: 'medium' }),
    },
    {
      id: 'who',
      name: t('list.who'),
      wideOnly: true,
      className: 'text-ink-2',
      cell: (row) => row.started_by?.name ?? '—',
    },
  ]
  return (
    <Section title={t('list.title')}>
      {error && !data ? (
        <ErrorState error={error} title={t('list.error')} onRetry={() => void refetch()} />
      ) : data?.items.length === 0 ? (
        <p className="text-sm text-ink-2">{t('list.empty')}</p>
      ) : (
        <Table
          label={t('list.title')}
          columns={columns}
          rows={data?.items ?? []}
          keyOf={(row) => row.id}
          isLoading={isPending}
        />
      )}
    </Section>
  )
}
