import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useSession } from '@/app/session'
import { DownloadButton, Note } from '@/ui/kit'
import { Card } from '@/ui/section-form'

/** Who one is here, and where programs find the same things. */
export function About() {
  const t = useTranslations('settings.about')
  const roles = useTranslations('app.roles')
  const { user, account, sandbox } = useSession()
  return (
    <Card title={t('title')} description={t('lead')}>
      {sandbox && <Note tone="watch">{t('sandbox')}</Note>}
      <dl className="grid gap-4 sm:grid-cols-3">
        <Fact name={t('user')}>{user.email}</Fact>
        <Fact name={t('role')}>
          <span className="inline-block first-letter:uppercase">{roles(user.role)}</span>
        </Fact>
        <Fact name={t('account')}>{account.name}</Fact>
      </dl>
      <div className="flex flex-col gap-2">
        <p className="text-sm text-ink-2">{t('docsHint')}</p>
        <div className="flex flex-wrap gap-2">
          <DownloadButton href="/api/docs">{t('docs')}</DownloadButton>
          <DownloadButton href="/api/openapi.json">{t('spec')}</DownloadButton>
        </div>
      </div>
    </Card>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-0.5">
      <dt className="text-xs text-ink-2">{name}</dt>
      <dd className="text-base break-words">{children}</dd>
    </div>
  )
}
