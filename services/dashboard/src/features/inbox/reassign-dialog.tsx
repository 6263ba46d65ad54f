import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data, once, type Schemas } from '@/api/client'
import { useProblem } from '@/api/problem'
import { showPhone } from '@/lib/phone'
import { Radios } from '@/ui/choices'
import { FormDialog } from '@/ui/dialog'
import { ErrorState, Skeleton } from '@/ui/empty'
import { TextAreaField } from '@/ui/fields'
import { Badge, Mono, Note, type Tone } from '@/ui/kit'
import { notify } from '@/ui/toast'
import { patchConversation } from './live'
import { nameOf } from './names'
import { type Conversation, keys, numbersQuery } from './queries'

const SHORTEST = 3
const TONES: Record<Schemas['Number']['health'], Tone> = {
  ok: 'good',
  off: 'neutral',
  quarantined: 'watch',
  paused: 'watch',
  over_budget: 'watch',
}

/** Gives a conversation another of our numbers: the customer notices, so a reason is asked for and kept. */
export function ReassignDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const t = useTranslations('inbox.number')
  const client = useQueryClient()
  const { words, field } = useProblem()
  const numbers = useQuery(numbersQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const [checked, setChecked] = useState(false)
  const { id } = conversation
  const reassign = useAction(
    (body: { number_id: string; reason: string }, key) =>
      data(api.POST('/api/conversations/{id}/number', { params: { path: { id } }, body, headers: once(key) })),
    {
      onDone: (changed) => {
        patchConversation(client, changed)
        void client.invalidateQueries({ queryKey: keys.numbers(id) })
        notify({ tone: 'good', title: t('dialog.done', { number: showPhone(changed.from_twilio_number) }) })
        onClose()
      },
    },
  )
  const others = (numbers.data?.items ?? [])
    .filter((number) => number.id !== conversation.number_id)
    .sort(
      (a, b) =>
        Number(b.health === 'ok') - Number(a.health === 'ok') || a.active_conversations - b.active_conversations,
    )
  const problems = {
    number: chosen ? undefined : t('dialog.chooseOne'),
    reason: reason.trim().length < SHORTEST ? t('dialog.reasonShort') : undefined,
  }
  return (
    <FormDialog
      title={t('dialog.title')}
      submit={t('dialog.submit')}
      isPending={reassign.isPending}
      isDisabled={others.length === 0}
      error={reassign.error ? words(reassign.error) : undefined}
      onClose={onClose}
      onSubmit={() => {
        setChecked(true)
        if (chosen && !problems.reason) reassign.run({ number_id: chosen, reason: reason.trim() })
      }}
    >
      <Note tone="watch">{t('dialog.warning', { name: nameOf(conversation) })}</Note>
      {numbers.isPending && <Skeleton lines={4} />}
      {numbers.isError && <ErrorState error={numbers.error} onRetry={() => void numbers.refetch()} />}
      {numbers.data && others.length === 0 && <p className="text-sm text-ink-2">{t('dialog.none')}</p>}
      {others.length > 0 && (
        <div className="max-h-64 overflow-y-auto rounded-control border border-line px-3 py-2">
          <Radios
            label={t('dialog.choose')}
            value={chosen}
            onChange={setChosen}
            error={(checked ? problems.number : undefined) ?? field(reassign.error, 'number_id')}
            options={others.map((number) => ({
              id: number.id,
              name: <NumberName number={number} />,
              hint: `${t('dialog.budget', {
                today: String(number.new_recipients_today),
                limit: String(number.new_recipients_per_day),
              })} · ${t('dialog.active', { count: number.active_conversations })}`,
            }))}
          />
        </div>
      )}
      <TextAreaField
        label={t('dialog.reason')}
        hint={t('dialog.reasonHint')}
        value={reason}
        onChange={setReason}
        maxLength={500}
        rows={2}
        error={(checked ? problems.reason : undefined) ?? field(reassign.error, 'reason')}
      />
    </FormDialog>
  )
}

function NumberName({ number }: { number: Schemas['Number'] }) {
  const t = useTranslations('inbox.number.health')
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <Mono className="text-sm">{showPhone(number.phone_number)}</Mono>
      <span className="min-w-0 flex-1 truncate text-sm text-ink-2">{number.label}</span>
      <Badge tone={TONES[number.health]} shape>
        {t(number.health)}
      </Badge>
    </span>
  )
}
