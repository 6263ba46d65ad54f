import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useMay } from '@/app/session'
import { DAY } from '@/i18n/formats'
import { Badge, Button } from '@/ui/kit'
import type { Opened } from './conversation-pane'
import { type Conversation, optOutsQuery } from './queries'

const SOURCES = ['keyword', 'provider', 'person'] as const
export const sourceKey = (source: string | undefined) => SOURCES.find((known) => known === source) ?? 'other'

/** Whether the person takes texts, since when, and what proves it. */
export function Consent({ conversation, onOpen }: { conversation: Conversation; onOpen: (opened: Opened) => void }) {
  const t = useTranslations('inbox')
  const canWrite = useMay()('conversations:write')
  const [isOpen, setOpen] = useState(false)
  const isOut = conversation.opted_out_at !== null
  return (
    <div className="flex flex-col items-start gap-2">
      <Badge tone={isOut ? 'bad' : 'good'} shape>
        {isOut ? t('details.consentNo') : t('details.consentYes')}
      </Badge>
      <div className="flex flex-wrap gap-1">
        {canWrite && (
          <Button size="sm" onPress={() => onOpen(isOut ? 'opt-in' : 'opt-out')}>
            {isOut ? t('more.optIn') : t('more.optOut')}
          </Button>
        )}
        <Button size="sm" variant="plain" className="-ml-2" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {t('details.history')}
        </Button>
      </div>
      {isOpen && <History id={conversation.id} />}
    </div>
  )
}

function History({ id }: { id: string }) {
  const t = useTranslations('inbox.details')
  const format = useFormatter()
  const optOuts = useQuery(optOutsQuery(id))
  const date = (at: string) => format.dateTime(new Date(at), DAY)
  if (optOuts.data?.items.length === 0) return <p className="text-xs text-ink-2">{t('consentYes')}.</p>
  return (
    <ol className="flex flex-col gap-2 text-xs text-ink-2">
      {optOuts.data?.items.map((one) => (
        <li key={one.id} className="text-pretty wrap-anywhere">
          {one.revoked_at && <p>{t('back', { date: date(one.revoked_at), evidence: one.revoked_evidence ?? '' })}</p>}
          <p>
            {t('out', {
              date: date(one.opted_out_at),
              source: t(`source.${sourceKey(one.source)}`),
              evidence: one.evidence,
            })}
          </p>
        </li>
      ))}
    </ol>
  )
}
