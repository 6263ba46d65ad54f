import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { useProblem } from '@/api/problem'
import { ConfirmDialog } from '@/ui/dialog'
import { Empty, ErrorState } from '@/ui/empty'
import { Button, Mono } from '@/ui/kit'
import { type Column, Table } from '@/ui/table'
import { notify } from '@/ui/toast'
import { type Token, tokensQuery } from './queries'
import { TokenDialog } from './token-dialog'

type Open = { dialog: 'new' } | { dialog: 'revoke'; token: Token } | null

/** One's own keys to the API. */
export function Tokens() {
  const t = useTranslations('settings.tokens')
  const { data: answer, error, isPending, refetch } = useQuery(tokensQuery)
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const columns = useColumns((token) => setOpen({ dialog: 'revoke', token }))
  const create = (
    <Button variant="primary" onPress={() => setOpen({ dialog: 'new' })}>
      <Plus aria-hidden="true" className="size-4" />
      {t('new')}
    </Button>
  )
  return (
    <section aria-label={t('title')} className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="flex-1 basis-72">
          <h2 className="text-lg font-semibold tracking-tight">{t('title')}</h2>
          <p className="text-sm text-ink-2 text-pretty">
            {t('lead')}{' '}
            <a href="/api/docs" className="text-agave-ink underline underline-offset-3">
              {t('docs')}
            </a>
          </p>
        </div>
        {answer && answer.items.length > 0 && create}
      </div>
      {error && !answer ? (
        <ErrorState error={error} title={t('error')} onRetry={() => void refetch()} />
      ) : answer?.items.length === 0 ? (
        <Empty title={t('empty')} hint={t('emptyHint')} action={create} level="h3" />
      ) : (
        <Table
          label={t('title')}
          columns={columns}
          rows={answer?.items ?? []}
          keyOf={(token) => token.id}
          isLoading={isPending}
        />
      )}
      {open?.dialog === 'new' && <TokenDialog onClose={close} />}
      {open?.dialog === 'revoke' && <RevokeDialog token={open.token} onClose={close} />}
    </section>
  )
}

function useColumns(onRevoke: (token: Token) => void): Column<Token>[] {
  const t = useTranslations('settings.tokens')
  const format = useFormatter()
  const [now] = useState(() => Date.now())
  const date = (at: string) => format.dateTime(new Date(at), { dateStyle: 'medium' })
  return [
    { id: 'name', name: t('columns.name'), isRowHeader: true, cell: (token) => token.name },
    {
      id: 'scopes',
      name: t('columns.scopes'),
      className: 'max-w-56',
      cell: (token) => (
        <span className="flex flex-col">
          {t('scopeCount', { n: token.scopes.length })}
          <Mono className="truncate text-xs text-ink-2">
            <span title={token.scopes.join(' ')}>{token.scopes.join(' ')}</span>
          </Mono>
        </span>
      ),
    },
    {
      id: 'prefix',
      name: t('columns.prefix'),
      wideOnly: true,
      cell: (token) => <Mono className="text-xs">{token.prefix}…</Mono>,
    },
    {
      id: 'used',
      name: t('columns.used'),
      wideOnly: true,
      className: 'whitespace-nowrap text-ink-2 tnum',
      cell: (token) => (token.last_used_at ? date(token.last_used_at) : t('never')),
    },
    {
      id: 'expires',
      name: t('columns.expires'),
      className: 'whitespace-nowrap text-ink-2 tnum',
      cell: (token) => {
        if (!token.expires_at) return t('noExpiry')
        const day = date(token.expires_at)
        return Date.parse(token.expires_at) <= now ? t('expired', { date: day }) : day
      },
    },
    {
      id: 'actions',
      name: t('columns.actions'),
      hideName: true,
      align: 'end',
      cell: (token) => (
        <Button size="sm" aria-label={t('revokeOf', { name: token.name })} onPress={() => onRevoke(token)}>
          {t('revoke')}
        </Button>
      ),
    },
  ]
}

function RevokeDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const t = useTranslations('settings.tokens')
  const client = useQueryClient()
  const { words } = useProblem()
  const revoke = useAction((id: string) => data(api.DELETE('/api/tokens/{id}', { params: { path: { id } } })), {
    onDone: () => {
      void client.invalidateQueries({ queryKey: tokensQuery.queryKey })
      notify({ tone: 'good', title: t('revoked') })
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('revokeTitle', { name: token.name })}
      confirm={t('revoke')}
      onConfirm={() => revoke.run(token.id)}
      onClose={onClose}
      isPending={revoke.isPending}
      error={revoke.error ? words(revoke.error) : undefined}
    >
      {t('revokeBody')}
    </ConfirmDialog>
  )
}
