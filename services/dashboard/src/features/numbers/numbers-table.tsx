import { useQueryClient } from '@tanstack/react-query'
import { Ellipsis } from 'lucide-react'
import { useFormatter, useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { useProblem } from '@/api/problem'
import { useMay } from '@/app/session'
import { last4, showPhone } from '@/lib/phone'
import { Switch } from '@/ui/choices'
import { Mono } from '@/ui/kit'
import { MenuButton } from '@/ui/menu'
import { Meter } from '@/ui/meter'
import { NumberTag } from '@/ui/number-tag'
import { type Column, Table } from '@/ui/table'
import { notify } from '@/ui/toast'
import { Health } from './health'
import { numbersQuery, type PoolNumber } from './queries'

interface Change {
  id: string
  rotation_enabled?: boolean
  quarantined_until?: string | null
}

/** Changes a line from its row, shown at once and taken back if the server refuses. */
function useChange(onDone: (number: PoolNumber, change: Change) => void) {
  const client = useQueryClient()
  const { words } = useProblem()
  const put = (number: PoolNumber) =>
    client.setQueryData(numbersQuery.queryKey, (former) =>
      former ? { ...former, items: former.items.map((n) => (n.id === number.id ? number : n)) } : former,
    )
  const action = useAction(
    ({ id, ...body }: Change) => data(api.PATCH('/api/numbers/{id}', { params: { path: { id } }, body })),
    {
      onDone: (number, change) => {
        put(number)
        onDone(number, change)
      },
      onFail: (error) => {
        void client.invalidateQueries({ queryKey: numbersQuery.queryKey })
        notify({ tone: 'bad', title: words(error) })
      },
    },
  )
  return (number: PoolNumber, change: Omit<Change, 'id'>) => {
    put({ ...number, ...change })
    action.run({ id: number.id, ...change })
  }
}

export function NumbersTable({
  numbers,
  isLoading,
  onOpen,
}: {
  numbers: readonly PoolNumber[]
  isLoading: boolean
  onOpen: (dialog: 'edit' | 'rest', number: PoolNumber) => void
}) {
  const t = useTranslations('numbers')
  const format = useFormatter()
  const may = useMay()
  const change = useChange((_, { rotation_enabled: rotation }) => {
    // The switch and the state beside it already show what became of the rotation.
    if (rotation === undefined) notify({ tone: 'good', title: t('released') })
  })
  const figure = (id: string, name: string, of: (n: PoolNumber) => number): Column<PoolNumber> => ({
    id,
    name,
    align: 'end',
    wideOnly: true,
    className: 'tnum',
    cell: (n) => format.number(of(n)),
  })
  const canWrite = may('numbers:write')
  const columns: Column<PoolNumber>[] = [
    {
      id: 'number',
      name: t('columns.number'),
      isRowHeader: true,
      cell: (n) => (
        <span className="flex flex-col">
          <span className="flex items-center gap-2 whitespace-nowrap">
            <NumberTag number={n.phone_number} label={n.label} />
            {n.label}
          </span>
          <Mono className="text-xs font-normal text-ink-2">{showPhone(n.phone_number)}</Mono>
        </span>
      ),
    },
    { id: 'health', name: t('columns.health'), cell: (n) => <Health number={n} /> },
    {
      id: 'rotation',
      name: t('columns.rotation'),
      cell: (n) => (
        <Switch
          isSelected={n.rotation_enabled}
          isDisabled={!canWrite}
          onChange={(on) => change(n, { rotation_enabled: on })}
        >
          <span className="sr-only">{t('rotationOf', { number: last4(n.phone_number) })}</span>
        </Switch>
      ),
    },
    figure('priority', t('columns.priority'), (n) => n.rotation_priority),
    {
      id: 'budget',
      name: t('columns.budget'),
      className: 'min-w-28',
      cell: (n) => (
        <Meter
          label={t('budgetLabel', { number: last4(n.phone_number) })}
          words={t('budget', {
            used: format.number(n.new_recipients_today),
            limit: format.number(n.new_recipients_per_day),
          })}
          value={n.new_recipients_today}
          limit={n.new_recipients_per_day}
        />
      ),
    },
    {
      id: 'rate',
      name: t('columns.rate'),
      wideOnly: true,
      className: 'whitespace-nowrap tnum',
      cell: (n) => (
        <>
          <span aria-hidden="true">{t('rate', { n: format.number(n.segments_per_second) })}</span>
          <span className="sr-only">{t('rateLong', { n: n.segments_per_second })}</span>
        </>
      ),
    },
    figure('keepers', t('columns.keepers'), (n) => n.active_conversations),
    figure('messages', t('columns.messages'), (n) => n.total_messages),
    figure('uses', t('columns.uses'), (n) => n.uses),
    {
      id: 'last',
      name: t('columns.last'),
      wideOnly: true,
      className: 'whitespace-nowrap text-ink-2 tnum',
      cell: (n) =>
        n.last_used_at
          ? format.dateTime(new Date(n.last_used_at), {
              day: 'numeric',
              month: 'short',
              hour: '2-digit',
              minute: '2-digit',
              hourCycle: 'h23',
            })
          : t('never'),
    },
  ]
  const actions: Column<PoolNumber> = {
    id: 'actions',
    name: t('columns.actions'),
    hideName: true,
    align: 'end',
    cell: (n) => (
      <MenuButton
        variant="plain"
        size="icon-sm"
        label={t('actionsOf', { number: last4(n.phone_number) })}
        groups={[
          {
            id: 'all',
            items: [
              { id: 'edit', name: t('edit'), onAction: () => onOpen('edit', n) },
              n.quarantined_until !== null
                ? { id: 'release', name: t('release'), onAction: () => change(n, { quarantined_until: null }) }
                : { id: 'rest', name: t('quarantine'), onAction: () => onOpen('rest', n) },
            ],
          },
        ]}
      >
        <Ellipsis aria-hidden="true" className="size-4" />
      </MenuButton>
    ),
  }
  return (
    <Table
      label={t('title')}
      columns={canWrite ? [...columns, actions] : columns}
      rows={numbers}
      keyOf={(n) => n.id}
      isLoading={isLoading}
    />
  )
}
