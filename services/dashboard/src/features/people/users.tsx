import { useQuery } from '@tanstack/react-query'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useMay, useSession } from '@/app/session'
import { ErrorState } from '@/ui/empty'
import { Badge } from '@/ui/kit'
import { MenuButton } from '@/ui/menu'
import { type Column, Pager, Table } from '@/ui/table'
import { PAGE, type User, usersQuery } from './queries'
import { RoleName } from './role-name'
import { DisableDialog, RoleDialog, useEnable } from './user-dialogs'

type Open = { dialog: 'role' | 'disable'; user: User } | null

/** Everybody who has, or had, a way in. */
export function Users() {
  const t = useTranslations('people.users')
  const people = useTranslations('people')
  const may = useMay()
  const [page, setPage] = useState(0)
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const { data, error, isPending, refetch } = useQuery(usersQuery(page))
  const columns = useColumns()
  const actions = useActions(setOpen)
  if (error && !data) return <ErrorState error={error} title={t('error')} onRetry={() => void refetch()} />
  return (
    <>
      <Table
        label={people('tabs.users')}
        columns={may('users:write') ? [...columns, actions] : columns}
        rows={data?.items ?? []}
        keyOf={(user) => user.id}
        isLoading={isPending}
      />
      <Pager offset={page * PAGE} limit={PAGE} total={data?.total ?? 0} onChange={(offset) => setPage(offset / PAGE)} />
      {open?.dialog === 'role' && <RoleDialog user={open.user} onClose={close} />}
      {open?.dialog === 'disable' && <DisableDialog user={open.user} onClose={close} />}
    </>
  )
}

function useColumns(): Column<User>[] {
  const t = useTranslations('people.users')
  const format = useFormatter()
  const me = useSession().user.id
  return [
    {
      id: 'name',
      name: t('columns.name'),
      isRowHeader: true,
      cell: (user) => (
        <>
          {user.name || user.email}
          {user.id === me && <span className="font-normal text-ink-2"> ({t('you')})</span>}
        </>
      ),
    },
    { id: 'email', name: t('columns.email'), wideOnly: true, className: 'text-ink-2', cell: (user) => user.email },
    { id: 'role', name: t('columns.role'), cell: (user) => <RoleName role={user.role} /> },
    {
      id: 'factor',
      name: t('columns.factor'),
      wideOnly: true,
      cell: (user) =>
        user.second_factor ? (
          <Badge tone="good" shape>
            {t('factorOn')}
          </Badge>
        ) : (
          <span className="text-ink-2">{t('factorOff')}</span>
        ),
    },
    {
      id: 'seen',
      name: t('columns.seen'),
      wideOnly: true,
      className: 'whitespace-nowrap text-ink-2 tnum',
      cell: (user) =>
        user.last_seen_at
          ? format.dateTime(new Date(user.last_seen_at), { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' })
          : t('never'),
    },
    {
      id: 'state',
      name: t('columns.state'),
      cell: (user) => (user.disabled ? <Badge>{t('disabled')}</Badge> : t('active')),
    },
  ]
}

function useActions(onOpen: (open: Open) => void): Column<User> {
  const t = useTranslations('people.users')
  const session = useSession()
  const enable = useEnable()
  // The server refuses it too; here the person sees it before trying.
  const isOutOfReach = (user: User) => user.role === 'owner' && session.user.role !== 'owner'
  return {
    id: 'actions',
    name: t('columns.actions'),
    hideName: true,
    align: 'end',
    cell: (user) => (
      <MenuButton
        variant="plain"
        size="icon-sm"
        label={t('actionsOf', { name: user.name || user.email })}
        groups={[
          {
            id: 'all',
            ...(isOutOfReach(user) && { title: t('onlyOwners') }),
            items: [
              {
                id: 'role',
                name: t('changeRole'),
                isDisabled: isOutOfReach(user),
                onAction: () => onOpen({ dialog: 'role', user }),
              },
              user.disabled
                ? { id: 'enable', name: t('enable'), isDisabled: isOutOfReach(user), onAction: () => enable(user) }
                : {
                    id: 'disable',
                    name: t('disable'),
                    tone: 'bad',
                    isDisabled: isOutOfReach(user),
                    onAction: () => onOpen({ dialog: 'disable', user }),
                  },
            ],
          },
        ]}
      >
        <Ellipsis aria-hidden="true" className="size-4" />
      </MenuButton>
    ),
  }
}
