import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { useProblem } from '@/api/problem'
import { ConfirmDialog } from '@/ui/dialog'
import { Empty, ErrorState } from '@/ui/empty'
import { Badge, Button } from '@/ui/kit'
import { type Column, Table } from '@/ui/table'
import { notify } from '@/ui/toast'
import { InviteDialog } from './invite-dialog'
import { type Invitation, invitationsQuery } from './queries'
import { RoleName } from './role-name'

type Open = { dialog: 'invite' } | { dialog: 'revoke'; invitation: Invitation } | null

/** Ways in that were given and not yet taken, and those that were. */
export function Invitations() {
  const t = useTranslations('people.invitations')
  const people = useTranslations('people')
  const { data: answer, error, isPending, refetch } = useQuery(invitationsQuery)
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const columns = useColumns((invitation) => setOpen({ dialog: 'revoke', invitation }))
  const invite = (
    <Button variant="primary" onPress={() => setOpen({ dialog: 'invite' })}>
      <Plus aria-hidden="true" className="size-4" />
      {t('new')}
    </Button>
  )
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="max-w-prose flex-1 basis-72 text-sm text-ink-2 text-pretty">{t('lead')}</p>
        {answer && answer.items.length > 0 && invite}
      </div>
      {error && !answer ? (
        <ErrorState error={error} title={t('error')} onRetry={() => void refetch()} />
      ) : answer?.items.length === 0 ? (
        <Empty title={t('empty')} hint={t('emptyHint')} action={invite} />
      ) : (
        <Table
          label={people('tabs.invitations')}
          columns={columns}
          rows={answer?.items ?? []}
          keyOf={(invitation) => invitation.id}
          isLoading={isPending}
        />
      )}
      {open?.dialog === 'invite' && <InviteDialog onClose={close} />}
      {open?.dialog === 'revoke' && <RevokeDialog invitation={open.invitation} onClose={close} />}
    </div>
  )
}

function useColumns(onRevoke: (invitation: Invitation) => void): Column<Invitation>[] {
  const t = useTranslations('people.invitations')
  const format = useFormatter()
  const [now] = useState(() => Date.now())
  const date = (at: string) => format.dateTime(new Date(at), { dateStyle: 'medium' })
  return [
    {
      id: 'email',
      name: t('columns.email'),
      isRowHeader: true,
      cell: (row) => (
        <span className="flex flex-col">
          {row.email}
          {row.name && <span className="text-xs font-normal text-ink-2">{row.name}</span>}
        </span>
      ),
    },
    { id: 'role', name: t('columns.role'), cell: (row) => <RoleName role={row.role} /> },
    {
      id: 'by',
      name: t('columns.by'),
      wideOnly: true,
      className: 'text-ink-2',
      cell: (row) => row.invited_by?.name ?? '—',
    },
    {
      id: 'created',
      name: t('columns.created'),
      wideOnly: true,
      className: 'whitespace-nowrap text-ink-2 tnum',
      cell: (row) => date(row.created_at),
    },
    {
      id: 'state',
      name: t('columns.state'),
      cell: (row) => {
        if (row.accepted_at) {
          return (
            <Badge tone="good" shape>
              {t('accepted', { date: date(row.accepted_at) })}
            </Badge>
          )
        }
        const hasExpired = Date.parse(row.expires_at) <= now
        return (
          <Badge tone={hasExpired ? 'neutral' : 'info'}>
            {t(hasExpired ? 'expired' : 'pending', { date: date(row.expires_at) })}
          </Badge>
        )
      },
    },
    {
      id: 'actions',
      name: t('columns.actions'),
      hideName: true,
      align: 'end',
      cell: (row) =>
        row.accepted_at === null && (
          <Button size="sm" aria-label={t('revokeOf', { email: row.email })} onPress={() => onRevoke(row)}>
            {t('revoke')}
          </Button>
        ),
    },
  ]
}

function RevokeDialog({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const t = useTranslations('people.invitations')
  const client = useQueryClient()
  const { words } = useProblem()
  const revoke = useAction((id: string) => data(api.DELETE('/api/invitations/{id}', { params: { path: { id } } })), {
    onDone: () => {
      void client.invalidateQueries({ queryKey: invitationsQuery.queryKey })
      notify({ tone: 'good', title: t('revoked') })
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('revokeTitle', { email: invitation.email })}
      confirm={t('revoke')}
      onConfirm={() => revoke.run(invitation.id)}
      onClose={onClose}
      isPending={revoke.isPending}
      error={revoke.error ? words(revoke.error) : undefined}
    >
      {t('revokeBody')}
    </ConfirmDialog>
  )
}
