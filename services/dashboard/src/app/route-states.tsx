import { useRouter } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { Empty, ErrorState } from '@/ui/empty'
import { LinkButton } from '@/ui/kit'

/** A page that could not be opened: its code or its first data did not arrive. */
export function RouteError({ error }: { error: unknown }) {
  const router = useRouter()
  const t = useTranslations('app')
  // A chunk of an older build is gone after an update: only the whole document brings the new ones.
  const isOldBuild = error instanceof TypeError && /dynamically imported|module script/i.test(error.message)
  const retry = () => (isOldBuild ? location.reload() : void router.invalidate())
  return (
    <main className="h-full">
      <ErrorState error={error} title={t('pageFailed')} onRetry={retry} />
    </main>
  )
}

export function RouteMissing() {
  const t = useTranslations('app')
  return (
    <main className="h-full">
      <Empty
        level="h1"
        title={t('missing')}
        hint={t('missingHint')}
        action={
          <LinkButton to="/inbox" variant="primary">
            {t('backToInbox')}
          </LinkButton>
        }
      />
    </main>
  )
}
