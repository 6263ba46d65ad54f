import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data, once } from '@/api/client'
import { useProblem } from '@/api/problem'
import { showPhone, toE164 } from '@/lib/phone'
import { FormDialog } from '@/ui/dialog'
import { Field, TextAreaField } from '@/ui/fields'
import { keys } from './queries'
import { QuietHours, SegmentCount, TextAdvice } from './text-advice'

interface Start {
  phone_number: string
  name?: string
  body?: string
  send_at?: string
}

/** Opens a conversation with a number, new or known, and may send its first text. */
export function NewDialog({ phone, onClose }: { phone: string; onClose: () => void }) {
  const t = useTranslations('inbox.new')
  const tUi = useTranslations('ui')
  const client = useQueryClient()
  const navigate = useNavigate()
  const { words, field } = useProblem()
  const [typed, setTyped] = useState(phone ? showPhone(phone) : '')
  const [name, setName] = useState('')
  const [body, setBody] = useState('')
  const [checked, setChecked] = useState(false)
  const start = useAction(
    (start: Start, key) => data(api.POST('/api/conversations/start', { body: start, headers: once(key) })),
    {
      onDone: ({ conversation }) => {
        client.setQueryData(keys.one(conversation.id), conversation)
        void client.invalidateQueries({ queryKey: keys.messages(conversation.id) })
        void navigate({ to: '/inbox/$id', params: { id: conversation.id }, search: (search) => search })
      },
    },
  )
  const number = toE164(typed)
  const submit = (sendAt?: Date) => {
    setChecked(true)
    if (!number) return
    start.run({
      phone_number: number,
      ...(name.trim() && { name: name.trim() }),
      ...(body.trim() && { body: body.trim() }),
      ...(sendAt && body.trim() && { send_at: sendAt.toISOString() }),
    })
  }
  return (
    <FormDialog
      title={t('title')}
      submit={body.trim() ? t('submitSend') : t('submit')}
      isPending={start.isPending}
      error={start.error ? words(start.error) : undefined}
      onSubmit={() => submit()}
      onClose={onClose}
    >
      <Field
        label={t('phone')}
        type="tel"
        value={typed}
        onChange={setTyped}
        autoFocus={!phone}
        autoComplete="off"
        hint={t('phoneHint')}
        error={(checked && !number ? t('phoneBad') : undefined) ?? field(start.error, 'phone_number')}
      />
      <Field
        label={`${t('name')} (${tUi('optional')})`}
        value={name}
        onChange={setName}
        autoComplete="off"
        error={field(start.error, 'name')}
      />
      <div className="flex flex-col gap-1">
        <TextAreaField
          label={`${t('body')} (${tUi('optional')})`}
          value={body}
          onChange={setBody}
          hint={t('bodyHint')}
          error={field(start.error, 'body')}
        />
        <SegmentCount text={body.trim()} />
        <TextAdvice text={body} onChange={setBody} />
        <QuietHours text={body.trim()} onSchedule={submit} />
      </div>
      <p className="text-xs text-ink-2 text-pretty">{t('number')}</p>
    </FormDialog>
  )
}
