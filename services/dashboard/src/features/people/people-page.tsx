import { getRouteApi } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { Guard } from '@/app/guard'
import { Page } from '@/ui/page'
import { Tabs } from '@/ui/tabs'
import { AuditLog } from './audit-log'
import { Invitations } from './invitations'
import { RoleMatrix } from './role-matrix'
import { Users } from './users'

const route = getRouteApi('/shell/people')
const TABS = ['users', 'invitations', 'roles', 'audit'] as const

export function PeoplePage() {
  const t = useTranslations('people')
  const navigate = route.useNavigate()
  const { tab } = route.useSearch()
  return (
    <Page title={t('title')}>
      <Guard need="users:read">
        <Tabs
          label={t('tabs.label')}
          value={TABS.find((id) => id === tab) ?? 'users'}
          onChange={(to) => void navigate({ search: { tab: to }, replace: true })}
          tabs={[
            { id: 'users', name: t('tabs.users'), content: <Users /> },
            {
              id: 'invitations',
              name: t('tabs.invitations'),
              content: (
                <Guard need="invitations:write">
                  <Invitations />
                </Guard>
              ),
            },
            { id: 'roles', name: t('tabs.roles'), content: <RoleMatrix /> },
            {
              id: 'audit',
              name: t('tabs.audit'),
              content: (
                <Guard need="audit:read">
                  <AuditLog />
                </Guard>
              ),
            },
          ]}
        />
      </Guard>
    </Page>
  )
}
