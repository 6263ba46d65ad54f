import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { ApiError, api, data, hadSession } from '@/api/client'
import { useProblem } from '@/api/problem'
import { enter } from '@/app/session'
import { Field, PasswordField } from '@/ui/fields'
import { Button, Note } from '@/ui/kit'
import { PageTitle } from '@/ui/page'
import { AuthFrame } from './frame'

const isCode = (error: unknown, code: string) => error instanceof ApiError && error.problem.code === code

export function LoginPage() {
  const t = useTranslations('auth')
  const { words } = useProblem()
  const { next } = useSearch({ from: '/login' })
  const router = useRouter()
  const client = useQueryClient()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [asksCode, setAsksCode] = useState(false)
  const [checked, setChecked] = useState(false)
  const [ended] = useState(hadSession)
  const alert = useRef<HTMLDivElement>(null)

  const signIn = useAction(
    (body: { email: string; password: string; code?: string }) => data(api.POST('/api/session', { body })),
    {
      onDone: (session) => {
        enter(client, session)
        router.history.push(next ?? '/inbox')
      },
      onFail: (error) => {
        if (isCode(error, 'second-factor-required')) setAsksCode(true)
      },
    },
  )
  const refused = signIn.error && !isCode(signIn.error, 'second-factor-required') ? signIn.error : null
  useEffect(() => {
    if (refused) alert.current?.focus()
  }, [refused])

  const problems = {
    email: /.+@.+\..+/.test(email) ? undefined : t('emailInvalid'),
    password: password ? undefined : t('required'),
    code: code.trim() ? undefined : t('required'),
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (signIn.isPending || problems.email || problems.password || (asksCode && problems.code)) return
    setChecked(false)
    signIn.run({ email: email.trim(), password, ...(asksCode && { code: code.replace(/\s/g, '') }) })
  }
  return (
    <AuthFrame>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <div className="flex flex-col gap-1 pb-1">
          <PageTitle className="text-2xl">{asksCode ? t('codeTitle') : t('title')}</PageTitle>
          <p className="text-ink-2 text-pretty">{asksCode ? t('codeLead') : t('lead')}</p>
        </div>
        {next && ended && !refused && !asksCode && <Note>{t('ended')}</Note>}
        {refused && (
          <div ref={alert} tabIndex={-1} className="rounded-control outline-offset-2">
            <Note tone="bad" role="alert">
              {words(refused)}
            </Note>
          </div>
        )}
        {asksCode ? (
          <Field
            key="code"
            label={t('code')}
            value={code}
            onChange={setCode}
            autoComplete="one-time-code"
            autoFocus
            mono
            error={checked ? problems.code : undefined}
          />
        ) : (
          <>
            <Field
              label={t('email')}
              type="email"
              value={email}
              onChange={setEmail}
              autoComplete="username"
              error={checked ? problems.email : undefined}
            />
            <PasswordField
              label={t('password')}
              value={password}
              onChange={setPassword}
              autoComplete="current-password"
              error={checked ? problems.password : undefined}
            />
          </>
        )}
        <Button type="submit" variant="primary" size="lg" isPending={signIn.isPending}>
          {asksCode ? t('codeSubmit') : t('submit')}
        </Button>
        {asksCode && (
          <Button
            variant="plain"
            onPress={() => {
              setAsksCode(false)
              setCode('')
              signIn.reset()
            }}
          >
            {t('back')}
          </Button>
        )}
      </form>
    </AuthFrame>
  )
}
