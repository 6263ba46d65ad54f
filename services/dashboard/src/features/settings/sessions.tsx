import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useNow, useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { useProblem } from '@/api/problem'
import { ErrorState, Skeleton } from '@/ui/empty'
import { Badge, Button, Mono, Note } from '@/ui/kit'
import { Card } from '@/ui/section-form'
import { notify } from '@/ui/toast'
import { readAgent } from './agent'
import { sessionsQuery, type UserSession } from './queries'

/** Where one's account is open, and the way to close it there. */
export function Sessions() {
  const t = useTranslations('settings.sessions')
  const client = useQueryClient()
  const { words } = useProblem()
  const { data: answer, error, refetch } = useQuery(sessionsQuery)
  const reread = () => void client.invalidateQueries({ queryKey: sessionsQuery.queryKey })
  const endOne = useAction((id: string) => data(api.DELETE('/api/sessions/{id}', { params: { path: { id } } })), {
    onDone: () => {
      reread()
      notify({ tone: 'good', title: t('ended') })
    },
  })
  const endOthers = useAction((_: null) => data(api.DELETE('/api/sessions')), {
    onDone: () => {
      reread()
      notify({ tone: 'good', title: t('othersEnded') })
    },
  })
  const failed = endOne.error ?? endOthers.error
  const others = answer?.items.filter((session) => !session.current) ?? []
  return (
    <Card
      title={t('title')}
      description={t('lead')}
      actions={
        others.length > 0 && (
          <Button onPress={() => endOthers.run(null)} isPending={endOthers.isPending}>
            {t('endOthers')}
          </Button>
        )
      }
    >
      {failed && (
        <Note tone="bad" role="alert">
          {words(failed)}
        </Note>
      )}
      {answer ? (
        <ul className="-my-2 divide-y divide-line/70">
          {[...answer.items]
            .sort((a, b) => Number(b.current) - Number(a.current))
            .map((session) => (
              <Row key={session.id} session={session} onEnd={() => endOne.run(session.id)} />
            ))}
        </ul>
      ) : error ? (
        <ErrorState error={error} title={t('error')} onRetry={() => void refetch()} />
      ) : (
        <Skeleton lines={4} />
      )}
      {answer && others.length === 0 && <p className="text-sm text-ink-2">{t('onlyThis')}</p>}
    </Card>
  )
}

function Row({ session, onEnd }: { session: UserSession; onEnd: () => void }) {
  const t = useTranslations('settings.sessions')
  const format = useFormatter()
  const now = useNow({ updateInterval: 60_000 })
  const agent = readAgent(session.user_agent)
  const name = agent ? t('agent', { ...agent }) : session.user_agent || t('unknown')
  return (
    <li className="flex flex-wrap items-center gap-3 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 text-base font-medium">
          <span className="truncate">{name}</span>
          {session.current && <Badge tone="good">{t('current')}</Badge>}
        </p>
        <p className="text-sm text-ink-2 tnum">
          <Mono className="text-xs">{session.address}</Mono>
          {' · '}
          {t('since', {
            date: format.dateTime(new Date(session.created_at), {
              dateStyle: 'medium',
              timeStyle: 'short',
              hourCycle: 'h23',
            }),
          })}
          {!session.current && <> · {t('seen', { date: format.relativeTime(new Date(session.last_seen_at), now) })}</>}
        </p>
      </div>
      {!session.current && (
        <Button size="sm" aria-label={t('endOf', { agent: name })} onPress={onEnd}>
          {t('end')}
        </Button>
      )}
    </li>
  )
}
