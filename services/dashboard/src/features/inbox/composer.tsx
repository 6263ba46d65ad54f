import { CalendarClock, Send } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useProblem } from '@/api/problem'
import { useKeys } from '@/app/keys'
import { useMay } from '@/app/session'
import { MOMENT } from '@/i18n/formats'
import { LONGEST } from '@/lib/sms'
import { Button, Note } from '@/ui/kit'
import { notify } from '@/ui/toast'
import type { Opened } from './conversation-pane'
import { GIVE_BACK, type GivenBack } from './delivery'
import { useDraft } from './draft'
import { nameOf } from './names'
import { NoComposer, silenceOf } from './no-composer'
import type { Conversation } from './queries'
import { useSend } from './send'
import { QuietHours, SegmentCount, TextAdvice } from './text-advice'

const ScheduleDialog = lazy(async () => ({ default: (await import('./schedule-dialog')).ScheduleDialog }))

/** Where one answers; where one may not, why not. */
export function Composer({ conversation, onOpen }: { conversation: Conversation; onOpen: (opened: Opened) => void }) {
  const canSend = useMay()('conversations:send')
  const silence = silenceOf(conversation, canSend)
  if (silence) return <NoComposer conversation={conversation} silence={silence} onOpen={onOpen} />
  return <Field conversation={conversation} />
}

function Field({ conversation }: { conversation: Conversation }) {
  const t = useTranslations('inbox')
  const format = useFormatter()
  const { words } = useProblem()
  const [text, write] = useDraft(conversation.id)
  const [isScheduling, setScheduling] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  const latest = useRef(text)
  latest.current = text
  const name = nameOf(conversation)

  const send = useSend(conversation, {
    onDone: (message) => {
      if (!message.send_after || message.status !== 'queued') return
      const at = new Date(message.send_after)
      if (at.getTime() - Date.now() < 60_000) return
      notify({ tone: 'good', title: t('scheduleDialog.done', { when: format.dateTime(at, MOMENT) }) })
    },
    // What was refused goes back into the field, unless something else is being written there by now.
    onFail: (_, { body }) => {
      if (!latest.current) write(body)
    },
  })
  const body = text.trim()
  const isReady = body.length > 0 && [...body].length <= LONGEST
  const go = (sendAt?: Date) => {
    if (!isReady) return
    send.run({ body, ...(sendAt && { sendAt: sendAt.toISOString() }) })
    write('')
    setScheduling(false)
    box.current?.focus()
  }
  useKeys({ r: () => box.current?.focus() })
  useGivenBack(conversation.id, (given) => {
    if (!latest.current) write(given)
    box.current?.focus()
  })

  return (
    <div className="shrink-0 px-5 pt-1 pb-4 max-md:px-3 max-md:pb-3">
      {send.error && (
        <Note tone="bad" role="alert" className="mb-2">
          {t('composer.failed')} {words(send.error)}
        </Note>
      )}
      <Box>
        <textarea
          ref={box}
          rows={2}
          aria-label={t('composer.label', { name })}
          placeholder={t('composer.placeholder', { name })}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) go()
            else if (event.key === 'Escape') box.current?.blur()
          }}
          className="block max-h-48 min-h-14 w-full resize-none field-sizing-content bg-transparent px-3.5 py-2.5 text-base outline-none! placeholder:text-ink-3"
        />
        <TextAdvice text={text} onChange={write} />
        <QuietHours text={body} onSchedule={go} />
        {conversation.assistant === 'on' && body && (
          <p className="px-3.5 pb-1 text-xs text-ink-2">{t('composer.takesOver')}</p>
        )}
        <div className="flex flex-wrap items-center justify-end gap-2 px-2 pb-2">
          <SegmentCount text={body} />
          <Button variant="plain" isDisabled={!isReady} onPress={() => setScheduling(true)}>
            <CalendarClock aria-hidden="true" className="size-4" />
            {t('composer.schedule')}
          </Button>
          <Button variant="primary" isDisabled={!isReady} onPress={() => go()}>
            <Send aria-hidden="true" className="size-3.5" />
            {t('composer.send')}
            <span aria-hidden="true" className="font-mono text-2xs max-md:hidden">
              Ctrl ↵
            </span>
          </Button>
        </div>
      </Box>
      <Suspense>
        {isScheduling && <ScheduleDialog body={body} onSchedule={go} onClose={() => setScheduling(false)} />}
      </Suspense>
    </div>
  )
}

function Box({ children }: { children: ReactNode }) {
  return (
    <div className="rounded-card border border-line-strong/60 bg-surface focus-within:outline-2 focus-within:outline-agave">
      {children}
    </div>
  )
}

/** A text that was taken back before it left is there to be mended. */
function useGivenBack(id: string, on: (body: string) => void) {
  const latest = useRef(on)
  latest.current = on
  useEffect(() => {
    const onBack = (event: Event) => {
      const given = (event as CustomEvent<GivenBack>).detail
      if (given.id === id) latest.current(given.body)
    }
    window.addEventListener(GIVE_BACK, onBack)
    return () => window.removeEventListener(GIVE_BACK, onBack)
  }, [id])
}
