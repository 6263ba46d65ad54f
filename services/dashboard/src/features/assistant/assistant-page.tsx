import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { Guard } from '@/app/guard'
import { useMay } from '@/app/session'
import { leastRole } from '@/lib/permissions'
import { ErrorState, Skeleton } from '@/ui/empty'
import { Note } from '@/ui/kit'
import { Page } from '@/ui/page'
import { Tabs } from '@/ui/tabs'
import { UnsavedGuard } from '@/ui/unsaved'
import { HoursForm } from './hours-form'
import { KillSwitch } from './kill-switch'
import { LimitsForm } from './limits-form'
import { profileQuery } from './queries'
import { RulesSection } from './rules-section'
import { TryBox } from './try-box'
import { VoiceForm } from './voice-form'

const route = getRouteApi('/shell/assistant')
const TABS = ['profile', 'rules'] as const

export function AssistantPage() {
  const t = useTranslations('assistant')
  return (
    <Page title={t('title')}>
      <Guard need="assistant:read">
        <UnsavedGuard>
          <Assistant />
        </UnsavedGuard>
      </Guard>
    </Page>
  )
}

/** The switch above everything, what can be set on the left, and where it can be tried on the right. */
function Assistant() {
  const t = useTranslations('assistant')
  const app = useTranslations('app.roles')
  const may = useMay()
  const navigate = route.useNavigate()
  const { tab } = route.useSearch()
  return (
    <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_23rem]">
      <div className="flex min-w-0 flex-col gap-5">
        <WithProfile>{(profile) => <KillSwitch profile={profile} />}</WithProfile>
        {!may('assistant:write') && <Note>{t('readOnly', { role: app(leastRole('assistant:write')) })}</Note>}
        <Tabs
          label={t('tabs.label')}
          value={TABS.find((id) => id === tab) ?? 'profile'}
          onChange={(to) => void navigate({ search: { tab: to }, replace: true })}
          tabs={[
            { id: 'profile', name: t('tabs.profile'), content: <ProfileForms /> },
            { id: 'rules', name: t('tabs.rules'), content: <RulesSection /> },
          ]}
        />
      </div>
      <div className="xl:sticky xl:top-6">
        <TryBox />
      </div>
    </div>
  )
}

function WithProfile({
  children,
  loading,
}: {
  children: (profile: import('./queries').Profile) => React.ReactNode
  loading?: React.ReactNode
}) {
  const t = useTranslations('assistant')
  const { data: profile, error, refetch } = useQuery(profileQuery)
  if (profile) return children(profile)
  if (error && loading) return <ErrorState error={error} title={t('error')} onRetry={() => void refetch()} />
  return loading
}

function ProfileForms() {
  return (
    <WithProfile loading={<Skeleton lines={9} />}>
      {(profile) => (
        <div className="flex flex-col gap-5">
          <VoiceForm profile={profile} />
          <LimitsForm profile={profile} />
          <HoursForm profile={profile} />
        </div>
      )}
    </WithProfile>
  )
}
