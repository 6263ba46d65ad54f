import { getRouteApi } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { Page } from '@/ui/page'
import { Tabs } from '@/ui/tabs'
import { UnsavedGuard } from '@/ui/unsaved'
import { About } from './about'
import { AccountForm } from './account-form'
import { Appearance } from './appearance'
import { Labels } from './labels'
import { PasswordForm } from './password-form'
import { SecondFactor } from './second-factor'
import { Sessions } from './sessions'
import { Tokens } from './tokens'

const route = getRouteApi('/shell/settings')
const TABS = ['account', 'labels', 'security', 'tokens', 'appearance', 'about'] as const

export function SettingsPage() {
  const t = useTranslations('settings')
  const navigate = route.useNavigate()
  const { tab } = route.useSearch()
  return (
    <Page title={t('title')} width="narrow">
      <UnsavedGuard>
        <Tabs
          label={t('tabs.label')}
          value={TABS.find((id) => id === tab) ?? 'account'}
          onChange={(to) => void navigate({ search: { tab: to }, replace: true })}
          tabs={[
            { id: 'account', name: t('tabs.account'), content: <AccountForm /> },
            { id: 'labels', name: t('tabs.labels'), content: <Labels /> },
            {
              id: 'security',
              name: t('tabs.security'),
              content: (
                <div className="flex flex-col gap-5">
                  <PasswordForm />
                  <SecondFactor />
                  <Sessions />
                </div>
              ),
            },
            { id: 'tokens', name: t('tabs.tokens'), content: <Tokens /> },
            { id: 'appearance', name: t('tabs.appearance'), content: <Appearance /> },
            { id: 'about', name: t('tabs.about'), content: <About /> },
          ]}
        />
      </UnsavedGuard>
    </Page>
  )
}
