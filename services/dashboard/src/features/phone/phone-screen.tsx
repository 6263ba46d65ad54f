import { useQuery, useQueryClient } from '@tanstack/react-query'
import { SendHorizontal } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data, once, type Schemas } from '@/api/client'
import { useProblem } from '@/api/problem'
import { useServerEvent } from '@/app/live'
import { CLOCK } from '@/i18n/formats'
import { showPhone } from '@/lib/phone'
import { ErrorState } from '@/ui/empty'
import { Button, cx, LinkButton, Note } from '@/ui/kit'
import { conversationOfQuery, phonesQuery, screenQuery } from './queries'

const SCRIPTS = ['hello', 'hours', 'human', 'stop'] as const

/** What the customer sees, and where one writes for them. */
export function PhoneScreen({ customer, to }: { customer: string; to: string }) {
  const t = useTranslations('phone')
  const client = useQueryClient()
  const { words } = useProblem()
  const screen = useQuery(screenQuery(customer))
  const conversation = useQuery(conversationOfQuery(customer))
  const [body, setBody] = useState('')
  const log = useRef<HTMLDivElement>(null)

  const readAgain = () => {
    void client.invalidateQueries({ queryKey: screenQuery(customer).queryKey })
    void client.invalidateQueries({ queryKey: phonesQuery.queryKey, exact: true })
  }
  useServerEvent('conversation_changed', (event) => {
    if (!event.conversation || event.conversation.to_number === customer) readAgain()
  })
  const text = useAction(
    (message: { from: string; to: string; body: string }, key) =>
      data(api.POST('/api/sandbox/texts', { body: message, headers: once(key) })),
    { onDone: readAgain, onFail: (_, message) => setBody((now) => now || message.body) },
  )
  const send = (words: string) => {
    if (!words.trim()) return
    text.run({ from: customer, to, body: words.trim() })
    setBody('')
  }
  const items = screen.data?.items ?? []
  // biome-ignore lint/correctness/useExhaustiveDependencies: a further message is what it follows.
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight })
  }, [items.length])

  return (
    <section aria-label={t('screen', { number: showPhone(customer) })} className="flex flex-col gap-3">
      <div className="flex h-[34rem] max-h-[70vh] flex-col overflow-hidden rounded-[1.75rem] border-4 border-line-strong/40 bg-surface">
        <h2 className="border-b border-line py-3 text-center font-mono text-sm tnum">{showPhone(customer)}</h2>
        <div
          ref={log}
          role="log"
          aria-label={t('screen', { number: showPhone(customer) })}
          tabIndex={0}
          className="min-h-0 flex-1 overflow-y-auto px-3 py-3 -outline-offset-2!"
        >
          {screen.isError && <ErrorState error={screen.error} onRetry={() => void screen.refetch()} />}
          {screen.data && items.length === 0 && <p className="pt-16 text-center text-sm text-ink-2">{t('empty')}</p>}
          {items.map((item, n) => (
            <Text key={`${item.at}${n}`} item={item} before={items[n - 1]} />
          ))}
        </div>
        <form
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            send(body)
          }}
          className="flex items-center gap-2 border-t border-line p-2"
        >
          <input
            aria-label={t('message')}
            placeholder={t('message')}
            value={body}
            onChange={(event) => setBody(event.target.value)}
            className="h-9 min-w-0 flex-1 rounded-full border border-line-strong/60 bg-paper px-3.5 text-base placeholder:text-ink-3"
          />
          <Button type="submit" variant="primary" size="icon" aria-label={t('send')} className="rounded-full!">
            <SendHorizontal aria-hidden="true" className="size-4" />
          </Button>
        </form>
      </div>
      {text.error && (
        <Note tone="bad" role="alert">
          {words(text.error)}
        </Note>
      )}
      <div className="flex flex-wrap items-center gap-1.5">
        <span className="text-xs text-ink-2">{t('try')}</span>
        {SCRIPTS.map((script) => (
          <Button
            key={script}
            size="sm"
            className="rounded-full! font-normal!"
            onPress={() => send(t(`scripts.${script}`))}
          >
            {t(`scripts.${script}`)}
          </Button>
        ))}
      </div>
      <Conversation id={conversation.data?.id} isMissing={conversation.data === null} />
    </section>
  )
}

function Conversation({ id, isMissing }: { id: string | undefined; isMissing: boolean }) {
  const t = useTranslations('phone')
  if (id) {
    return (
      <LinkButton to="/inbox/$id" params={{ id }} className="self-start">
        {t('open')}
      </LinkButton>
    )
  }
  return isMissing ? <p className="text-sm text-ink-2">{t('noConversation')}</p> : null
}

/** One message as the phone shows it; the number it came from whenever that changes. */
function Text({ item, before }: { item: Schemas['PhoneText']; before: Schemas['PhoneText'] | undefined }) {
  const t = useTranslations('phone')
  const format = useFormatter()
  const isIn = item.direction === 'in'
  const isOtherNumber = isIn && (before?.direction === 'in' ? before.from : before?.to) !== item.from
  return (
    <div className={cx('flex flex-col py-1', isIn ? 'items-start' : 'items-end')}>
      {isOtherNumber && (
        <p className="w-full py-1 text-center text-2xs text-ink-2">{t('from', { number: showPhone(item.from) })}</p>
      )}
      <p
        className={cx(
          'max-w-[85%] rounded-bubble px-3 py-1.5 text-sm wrap-anywhere whitespace-pre-wrap',
          isIn ? 'rounded-bl-[4px] bg-sunken' : 'rounded-br-[4px] bg-cielo-soft',
        )}
      >
        {item.body}
      </p>
      <time dateTime={item.at} className="px-1 text-2xs text-ink-2 tnum">
        {format.dateTime(new Date(item.at), CLOCK)}
      </time>
    </div>
  )
}
