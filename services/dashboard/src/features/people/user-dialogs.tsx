import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { useProblem } from '@/api/problem'
import { sessionQuery, useSession } from '@/app/session'
import { ROLES, type Role } from '@/lib/permissions'
import { Radios } from '@/ui/choices'
import { ConfirmDialog, FormDialog } from '@/ui/dialog'
import { Note } from '@/ui/kit'
import { notify } from '@/ui/toast'
import { USERS, type User } from './queries'
import { RoleName } from './role-name'

interface Change {
  user: User
  role?: Role
  disabled?: boolean
}

/** Changes somebody, and reads the team again; one's own session too, since one may do less now. */
function useChange(onDone: (change: Change) => void, onFail?: (error: Error) => void) {
  const client = useQueryClient()
  const me = useSession().user.id
  return useAction(
    ({ user, ...body }: Change) => data(api.PATCH('/api/users/{id}', { params: { path: { id: user.id } }, body })),
    {
      onDone: (_, change) => {
        void client.invalidateQueries({ queryKey: USERS })
        if (change.user.id === me) void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
        onDone(change)
      },
      ...(onFail && { onFail }),
    },
  )
}

const nameOf = (user: User) => user.name || user.email

export function RoleDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useTranslations('people')
  const roles = useTranslations('app.roles')
  const session = useSession()
  const { words } = useProblem()
  const [role, setRole] = useState<Role>(user.role)
  const change = useChange(() => {
    notify({ tone: 'good', title: t('users.roleChanged', { name: nameOf(user), role: roles(role) }) })
    onClose()
  })
  const isOwner = session.user.role === 'owner'
  return (
    <FormDialog
      title={t('users.roleTitle', { name: nameOf(user) })}
      submit={t('users.roleSubmit')}
      onSubmit={() => change.run({ user, role })}
      onClose={onClose}
      isPending={change.isPending}
      isDisabled={role === user.role}
      error={change.error ? words(change.error) : undefined}
      width="sm"
    >
      <RoleRadios value={role} onChange={setRole} mayAppointOwners={isOwner} />
      {user.id === session.user.id && <Note tone="watch">{t('users.ownSelf')}</Note>}
    </FormDialog>
  )
}

/** The four roles with what each may do; that of an owner only for owners. */
export function RoleRadios({
  value,
  onChange,
  mayAppointOwners,
}: {
  value: Role
  onChange: (role: Role) => void
  mayAppointOwners: boolean
}) {
  const t = useTranslations('people')
  return (
    <Radios<Role>
      label={t('users.columns.role')}
      value={value}
      onChange={onChange}
      options={ROLES.map((id) => ({
        id,
        name: <RoleName role={id} />,
        hint: id === 'owner' && !mayAppointOwners ? t('users.onlyOwners') : t(`roleHint.${id}`),
        isDisabled: id === 'owner' && !mayAppointOwners,
      }))}
    />
  )
}

export function DisableDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useTranslations('people.users')
  const { words } = useProblem()
  const change = useChange(() => {
    notify({ tone: 'good', title: t('disabledDone', { name: nameOf(user) }) })
    onClose()
  })
  return (
    <ConfirmDialog
      title={t('disableTitle', { name: nameOf(user) })}
      confirm={t('disable')}
      onConfirm={() => change.run({ user, disabled: true })}
      onClose={onClose}
      isPending={change.isPending}
      error={change.error ? words(change.error) : undefined}
    >
      {t('disableBody')}
    </ConfirmDialog>
  )
}

/** Lets somebody in again: it can be undone, so that it is not asked. */
export function useEnable() {
  const t = useTranslations('people.users')
  const { words } = useProblem()
  const change = useChange(
    ({ user }) => notify({ tone: 'good', title: t('enabledDone', { name: nameOf(user) }) }),
    (error) => notify({ tone: 'bad', title: words(error) }),
  )
  return (user: User) => change.run({ user, disabled: false })
}
