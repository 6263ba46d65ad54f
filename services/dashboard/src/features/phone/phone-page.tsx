import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { Guard } from '@/app/guard'
import { useSession } from '@/app/session'
import { showPhone, toE164 } from '@/lib/phone'
import { Empty, ErrorState, Skeleton } from '@/ui/empty'
import { cx, LinkButton } from '@/ui/kit'
import { Page } from '@/ui/page'
import { Select } from '@/ui/select'
import { CustomerField } from './customer-field'
import { PhoneScreen } from './phone-screen'
import { numbersQuery, phonesQuery } from './queries'

/** A phone that nobody has, until somebody picks another one. */
const FRESH = '+525555550100'

/** The sandbox's phone: one texts as the customer and sees what the customer sees. */
export function PhonePage() {
  const t = useTranslations('phone')
  const { sandbox } = useSession()
  if (!sandbox) return <Empty level="h1" title={t('onlySandbox')} hint={t('onlySandboxHint')} />
  return (
    <Guard need="sandbox:use">
      <Page title={t('title')} description={t('description')}>
        <Desk />
      </Page>
    </Guard>
  )
}

function Desk() {
  const t = useTranslations('phone')
  const navigate = useNavigate({ from: '/phone' })
  const search = useSearch({ from: '/shell/phone' })
  const numbers = useQuery(numbersQuery)
  const phones = useQuery(phonesQuery)
  if (numbers.isError) return <ErrorState error={numbers.error} onRetry={() => void numbers.refetch()} />
  if (!numbers.data) return <Skeleton lines={6} />
  const ours = numbers.data.items
  const first = ours[0]
  if (!first) {
    return (
      <Empty
        title={t('noNumbers')}
        hint={t('noNumbersHint')}
        action={<LinkButton to="/numbers">{t('toNumbers')}</LinkButton>}
      />
    )
  }
  const customer = toE164(search.from ?? '') ?? phones.data?.items[0]?.phone_number ?? FRESH
  const to = ours.find(({ phone_number }) => phone_number === search.to)?.phone_number ?? first.phone_number
  const set = (change: { from?: string; to?: string }) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true })
  return (
    <div className="grid grid-cols-[18rem_minmax(0,24rem)] items-start justify-center gap-8 max-lg:grid-cols-1 max-lg:justify-stretch">
      <div className="flex flex-col gap-5">
        <CustomerField key={customer} customer={customer} onChange={(from) => set({ from })} />
        <Select
          label={t('to')}
          value={to}
          onChange={(chosen) => set({ to: chosen })}
          options={ours.map(({ phone_number, label }) => ({
            id: phone_number,
            name: `${showPhone(phone_number)} · ${label}`,
          }))}
        />
        <section aria-label={t('recent')} className="flex flex-col gap-1">
          <h2 className="text-sm font-medium">{t('recent')}</h2>
          <ul className="flex max-h-80 flex-col gap-0.5 overflow-y-auto">
            {(phones.data?.items ?? []).map(({ phone_number, last }) => (
              <li key={phone_number}>
                <button
                  type="button"
                  aria-current={phone_number === customer ? 'true' : undefined}
                  onClick={() => set({ from: phone_number })}
                  className={cx(
                    'flex w-full cursor-default flex-col rounded-control px-2.5 py-1.5 text-left -outline-offset-2!',
                    phone_number === customer ? 'bg-agave-soft' : 'hover:bg-sunken',
                  )}
                >
                  <span className="font-mono text-sm tnum">{showPhone(phone_number)}</span>
                  <span className="w-full truncate text-xs text-ink-2">{last ?? t('unused')}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      </div>
      <PhoneScreen key={customer} customer={customer} to={to} />
    </div>
  )
}
