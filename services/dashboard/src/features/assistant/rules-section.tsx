import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { useProblem } from '@/api/problem'
import { useMay } from '@/app/session'
import { Switch } from '@/ui/choices'
import { ConfirmDialog } from '@/ui/dialog'
import { Empty, ErrorState } from '@/ui/empty'
import { Badge, Button, Mono } from '@/ui/kit'
import { MenuButton } from '@/ui/menu'
import { type Column, Table } from '@/ui/table'
import { notify } from '@/ui/toast'
import { type Rule, rulesQuery } from './queries'
import { RuleDialog } from './rule-dialog'

type Open = { dialog: 'edit'; rule: Rule | null } | { dialog: 'delete'; rule: Rule } | null

/** The answers that are always the same, in the order in which they are tried. */
export function RulesSection() {
  const t = useTranslations('assistant.rules')
  const may = useMay()
  const { data: answer, error, isPending, refetch } = useQuery(rulesQuery)
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const rules = [...(answer?.items ?? [])].sort((a, b) => b.priority - a.priority || a.name.localeCompare(b.name))
  const add = may('assistant:write') && (
    <Button variant="primary" onPress={() => setOpen({ dialog: 'edit', rule: null })}>
      <Plus aria-hidden="true" className="size-4" />
      {t('new')}
    </Button>
  )
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-prose flex-1 basis-72 text-sm text-ink-2 text-pretty">{t('lead')}</p>
        {rules.length > 0 && add}
      </div>
      {error && !answer ? (
        <ErrorState error={error} title={t('error')} onRetry={() => void refetch()} />
      ) : !isPending && rules.length === 0 ? (
        <Empty title={t('empty')} hint={t('emptyHint')} action={add} />
      ) : (
        <RulesTable rules={rules} isLoading={isPending} onOpen={setOpen} />
      )}
      {open?.dialog === 'edit' && <RuleDialog rule={open.rule} onClose={close} />}
      {open?.dialog === 'delete' && <DeleteRule rule={open.rule} onClose={close} />}
    </div>
  )
}

function RulesTable({
  rules,
  isLoading,
  onOpen,
}: {
  rules: readonly Rule[]
  isLoading: boolean
  onOpen: (open: Open) => void
}) {
  const t = useTranslations('assistant.rules')
  const a = useTranslations('assistant')
  const may = useMay()
  const canWrite = may('assistant:write')
  const toggle = useToggle()
  const columns: Column<Rule>[] = [
    { id: 'name', name: t('columns.name'), isRowHeader: true, className: 'min-w-28', cell: (rule) => rule.name },
    {
      id: 'pattern',
      name: t('columns.pattern'),
      className: 'max-w-44',
      cell: (rule) => (
        <span className="flex flex-col items-start gap-0.5">
          <Badge>{t(`kind.${rule.kind}`)}</Badge>
          <Mono className="max-w-full truncate text-xs">{rule.pattern}</Mono>
        </span>
      ),
    },
    {
      id: 'body',
      name: t('columns.body'),
      className: 'min-w-52',
      cell: (rule) => (
        <span className="flex flex-col">
          <span className="line-clamp-2 text-pretty">{rule.body}</span>
          <span className="text-xs text-ink-2 tnum">
            {[
              a('segments', { n: rule.segments }),
              t(`hours.${rule.hours}`),
              t(`language.${rule.language ?? 'all'}`),
            ].join(' · ')}
          </span>
        </span>
      ),
    },
    {
      id: 'priority',
      name: t('columns.priority'),
      align: 'end',
      wideOnly: true,
      className: 'tnum',
      cell: (rule) => rule.priority,
    },
    {
      id: 'enabled',
      name: t('columns.enabled'),
      cell: (rule) => (
        <Switch isSelected={rule.enabled} isDisabled={!canWrite} onChange={(enabled) => toggle({ ...rule, enabled })}>
          <span className="sr-only">{t('enabledOf', { name: rule.name })}</span>
        </Switch>
      ),
    },
  ]
  const actions: Column<Rule> = {
    id: 'actions',
    name: t('columns.actions'),
    hideName: true,
    align: 'end',
    cell: (rule) => (
      <MenuButton
        variant="plain"
        size="icon-sm"
        label={t('actionsOf', { name: rule.name })}
        groups={[
          {
            id: 'all',
            items: [
              { id: 'edit', name: t('edit'), onAction: () => onOpen({ dialog: 'edit', rule }) },
              { id: 'delete', name: t('delete'), tone: 'bad', onAction: () => onOpen({ dialog: 'delete', rule }) },
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
      label={a('tabs.rules')}
      columns={canWrite ? [...columns, actions] : columns}
      rows={rules}
      keyOf={(rule) => rule.id}
      isLoading={isLoading}
    />
  )
}

/** Switches a rule in its row: shown at once, read again whatever came of it. */
function useToggle() {
  const client = useQueryClient()
  const { words } = useProblem()
  const reread = () => void client.invalidateQueries({ queryKey: rulesQuery.queryKey })
  const action = useAction(
    ({ id, segments: _, ...body }: Rule) =>
      data(api.PUT('/api/static-responses/{id}', { params: { path: { id } }, body })),
    {
      onDone: reread,
      onFail: (error) => {
        reread()
        notify({ tone: 'bad', title: words(error) })
      },
    },
  )
  return (rule: Rule) => {
    client.setQueryData(rulesQuery.queryKey, (former) =>
      former ? { ...former, items: former.items.map((r) => (r.id === rule.id ? rule : r)) } : former,
    )
    action.run(rule)
  }
}

function DeleteRule({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const t = useTranslations('assistant.rules')
  const client = useQueryClient()
  const { words } = useProblem()
  const remove = useAction(
    (id: string) => data(api.DELETE('/api/static-responses/{id}', { params: { path: { id } } })),
    {
      onDone: () => {
        void client.invalidateQueries({ queryKey: rulesQuery.queryKey })
        notify({ tone: 'good', title: t('deleted') })
        onClose()
      },
    },
  )
  return (
    <ConfirmDialog
      title={t('deleteTitle', { name: rule.name })}
      confirm={t('delete')}
      onConfirm={() => remove.run(rule.id)}
      onClose={onClose}
      isPending={remove.isPending}
      error={remove.error ? words(remove.error) : undefined}
    >
      {t('deleteBody')}
    </ConfirmDialog>
  )
}
