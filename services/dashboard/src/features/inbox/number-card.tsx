import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import type { Schemas } from '@/api/client'
import { useMay } from '@/app/session'
import { DAY } from '@/i18n/formats'
import { showPhone } from '@/lib/phone'
import { ErrorState, Skeleton } from '@/ui/empty'
import { Button, Mono } from '@/ui/kit'
import { NumberTag } from '@/ui/number-tag'
import { type Conversation, numbersOfQuery } from './queries'

/** The number that this person sees, why it is this one, and the way to another. */
export function NumberCard({ conversation, onReassign }: { conversation: Conversation; onReassign: () => void }) {
  const t = useTranslations('inbox.number')
  const canReassign = useMay()('conversations:reassign')
  const [asksWhy, setAsksWhy] = useState(false)
  const isOut = conversation.opted_out_at !== null
  return (
    <section aria-label={t('title')} className="rounded-card border border-line bg-paper p-3">
      <div className="flex items-center justify-between text-xs text-ink-2">
        <h3 className="font-medium">{t('title')}</h3>
        <NumberTag number={conversation.from_twilio_number} label={conversation.number_label} />
      </div>
      <p className="pt-1 text-base">
        <Mono>{showPhone(conversation.from_twilio_number)}</Mono>
      </p>
      <p className="text-sm text-ink-2">{conversation.number_label}</p>
      <p className="pt-1 text-xs text-ink-2 text-pretty">{isOut ? t('refused') : t('promise')}</p>
      <div className="flex flex-wrap gap-1 pt-2">
        <Button
          size="sm"
          variant="plain"
          className="-ml-2"
          aria-expanded={asksWhy}
          onPress={() => setAsksWhy(!asksWhy)}
        >
          {t('why')}
        </Button>
        {canReassign && (
          <Button size="sm" isDisabled={isOut} onPress={onReassign}>
            {t('reassign')}
          </Button>
        )}
      </div>
      {asksWhy && <Why id={conversation.id} />}
    </section>
  )
}

function Why({ id }: { id: string }) {
  const numbers = useQuery(numbersOfQuery(id))
  if (numbers.isError) return <ErrorState error={numbers.error} onRetry={() => void numbers.refetch()} />
  if (!numbers.data) return <Skeleton lines={2} />
  return (
    <ol className="flex flex-col gap-3 pt-2">
      {numbers.data.items.map((assigned) => (
        <Assignment key={assigned.assigned_at} assigned={assigned} />
      ))}
    </ol>
  )
}

function Assignment({ assigned }: { assigned: Schemas['AssignedNumber'] }) {
  const t = useTranslations('inbox.number')
  const format = useFormatter()
  const { assigned_by, assigned_reason, assigned_note, retired_at } = assigned
  const date = (at: string) => format.dateTime(new Date(at), DAY)
  const reason =
    assigned_reason !== 'person'
      ? t(`reason.${assigned_reason}`)
      : assigned_by
        ? t('reason.person', { name: assigned_by.name })
        : t('reasonUnknown')
  return (
    <li className="border-l-2 border-line pl-3 text-xs text-ink-2 text-pretty">
      <p className="text-ink">
        <Mono>{showPhone(assigned.phone_number)}</Mono>
      </p>
      <p>{reason}</p>
      {assigned_note && <p>{t('note', { note: assigned_note })}</p>}
      <p className="tnum">
        {t('at', { date: date(assigned.assigned_at) })}
        {retired_at && `. ${t('until', { date: date(retired_at) })}`}
      </p>
    </li>
  )
}
