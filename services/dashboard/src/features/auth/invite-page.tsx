import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { ApiError, api, data, once, type Schemas } from '@/api/client'
import { refusedFields, useProblem } from '@/api/problem'
import { enter } from '@/app/session'
import { Empty, ErrorState, Skeleton } from '@/ui/empty'
import { Field, PasswordField } from '@/ui/fields'
import { Button, LinkButton, Note } from '@/ui/kit'
import { PageTitle } from '@/ui/page'
import { AuthFrame } from './frame'

const MIN_PASSWORD = 10

export function InvitePage() {
  const { token } = useParams({ from: '/invite/$token' })
  const t = useTranslations('auth.invite')
  const offer = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) =>
      data(api.GET('/api/invitations/accept/{secret}', { params: { path: { secret: token } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const isGone = offer.error instanceof ApiError && offer.error.problem.status === 404
  return (
    <AuthFrame>
      {offer.data ? (
        <Acceptance token={token} offer={offer.data} />
      ) : isGone ? (
        <Empty
          level="h1"
          title={t('gone')}
          hint={t('goneHint')}
          action={<LinkButton to="/login">{t('toLogin')}</LinkButton>}
        />
      ) : offer.isError ? (
        <ErrorState error={offer.error} onRetry={() => void offer.refetch()} />
      ) : (
        <Skeleton lines={4} />
      )}
    </AuthFrame>
  )
}

function Acceptance({ token, offer }: { token: string; offer: Schemas['InvitationOffer'] }) {
  const t = useTranslations('auth.invite')
  const tApp = useTranslations('app')
  const tUi = useTranslations('ui')
  const { words, field } = useProblem()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState(offer.name)
  const [password, setPassword] = useState('')
  const [checked, setChecked] = useState(false)
  const accept = useAction(
    (body: { name: string; password: string }, key) =>
      data(
        api.POST('/api/invitations/accept/{secret}', {
          params: { path: { secret: token } },
          body,
          headers: once(key),
        }),
      ),
    {
      onDone: (session) => {
        enter(client, session)
        void navigate({ to: '/inbox' })
      },
    },
  )
  const problems = {
    name: name.trim() ? undefined : tUi('required'),
    password: password.length >= MIN_PASSWORD ? undefined : t('passwordHint'),
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (!accept.isPending && !problems.name && !problems.password) accept.run({ name: name.trim(), password })
  }
  const named = Object.keys(refusedFields(accept.error))
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <div className="flex flex-col gap-1 pb-1">
        <PageTitle className="text-2xl">{t('title', { account: offer.account_name })}</PageTitle>
        <p className="text-ink-2 text-pretty">{t('lead', { email: offer.email, role: tApp(`roles.${offer.role}`) })}</p>
      </div>
      {accept.error && named.length === 0 && (
        <Note tone="bad" role="alert">
          {words(accept.error)}
        </Note>
      )}
      <Field
        label={t('name')}
        value={name}
        onChange={setName}
        autoComplete="name"
        hint={t('nameHint')}
        error={(checked ? problems.name : undefined) ?? field(accept.error, 'name')}
      />
      <PasswordField
        label={t('password')}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        hint={t('passwordHint')}
        error={(checked ? problems.password : undefined) ?? field(accept.error, 'password')}
      />
      <Button type="submit" variant="primary" size="lg" isPending={accept.isPending}>
        {t('submit')}
      </Button>
    </form>
  )
}
