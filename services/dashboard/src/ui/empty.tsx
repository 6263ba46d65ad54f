import { type ReactNode, useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { requestId, useProblem } from '@/api/problem'
import { Button, cx, Mono } from './kit'

/** Nothing here: one sentence of what goes here, one of how, one button. */
export function Empty({
  title,
  hint,
  action,
  level: Title = 'h2',
}: {
  title: string
  hint?: ReactNode
  action?: ReactNode
  level?: 'h1' | 'h2' | 'h3'
}) {
  return (
    <div className="grid h-full place-items-center p-8">
      <div className="flex max-w-80 flex-col items-center gap-2 text-center">
        <Title className="text-lg font-semibold text-balance">{title}</Title>
        {hint && <div className="pb-1 text-sm text-ink-2 text-pretty">{hint}</div>}
        {action}
      </div>
    </div>
  )
}

/** What failed, why, and a button to try again; the request id is for support. */
export function ErrorState({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const t = useTranslations('ui')
  const { words } = useProblem()
  const id = requestId(error)
  return (
    <div role="alert" className="h-full">
      <Empty
        title={title ?? t('failed')}
        hint={
          <>
            <p>{words(error)}</p>
            {id && (
              <p className="pt-1 text-xs">
                <Mono>{t('requestId', { id })}</Mono>
              </p>
            )}
          </>
        }
        action={onRetry && <Button onPress={onRetry}>{t('retry')}</Button>}
      />
    </div>
  )
}

const PATIENCE_MS = 150

/** Shows its content only after a moment: what loads at once should not flicker. */
export function AfterAMoment({ children }: { children: ReactNode }) {
  const [due, setDue] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  return due ? children : null
}

/** Grey lines in the place of text that is coming. */
export function Skeleton({ className, lines = 1 }: { className?: string; lines?: number }) {
  const t = useTranslations('ui')
  return (
    <AfterAMoment>
      <span role="status" className="flex flex-col gap-2.5">
        <span className="sr-only">{t('loading')}</span>
        {Array.from({ length: lines }, (_, line) => (
          <span key={line} className={cx('skeleton block h-3', line % 3 === 2 ? 'w-2/5' : 'w-4/5', className)} />
        ))}
      </span>
    </AfterAMoment>
  )
}
