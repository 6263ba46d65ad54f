import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Tag } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useKeys } from '@/app/keys'
import { useMay } from '@/app/session'
import { DAY } from '@/i18n/formats'
import { showPhone } from '@/lib/phone'
import { Mono } from '@/ui/kit'
import { LabelChip, LabelDot } from '@/ui/label-chip'
import { MenuButton } from '@/ui/menu'
import { useConversationActions } from './actions'
import { Consent } from './consent'
import type { Opened } from './conversation-pane'
import { useCodeWords } from './names'
import { Notes } from './notes'
import { NumberCard } from './number-card'
import { type Conversation, labelsQuery } from './queries'

/** Everything around the thread: the person, the number, the labels, the consent, the notes. */
export function Details({ conversation, onOpen }: { conversation: Conversation; onOpen: (opened: Opened) => void }) {
  const t = useTranslations('inbox')
  return (
    <div className="flex flex-col gap-5 p-5">
      <Contact conversation={conversation} />
      <NumberCard conversation={conversation} onReassign={() => onOpen('reassign')} />
      <Part title={t('details.labels')}>
        <Labels conversation={conversation} />
      </Part>
      <Part title={t('details.consent')}>
        <Consent conversation={conversation} onOpen={onOpen} />
      </Part>
      <Part title={t('notes.title')}>
        <Notes id={conversation.id} />
      </Part>
    </div>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h3 className="text-xs font-medium text-ink-2">{title}</h3>
      {children}
    </section>
  )
}

function Contact({ conversation: { contact, created_at } }: { conversation: Conversation }) {
  const t = useTranslations('inbox')
  const format = useFormatter()
  const words = useCodeWords()
  return (
    <section aria-label={t('details.contact')} className="flex flex-col gap-0.5 text-sm">
      <h3 className="text-base font-semibold text-balance">{contact.name || t('unnamed')}</h3>
      <p>
        <Mono>{showPhone(contact.phone_number)}</Mono>
      </p>
      <p className="text-xs text-ink-2">
        {contact.language && `${t(`details.language.${contact.language}`)} · `}
        {t('details.since', { date: format.dateTime(new Date(created_at), DAY) })}
      </p>
      {contact.unreachable_code !== null && (
        <p className="text-xs text-grana">
          {t('details.unreachable', { why: words.twilio(contact.unreachable_code).what })}
        </p>
      )}
      <p>
        <Link
          to="/contacts"
          search={{ q: contact.phone_number }}
          className="inline-flex min-h-6 items-center text-xs text-agave-ink underline underline-offset-2"
        >
          {t('details.inContacts')}
        </Link>
      </p>
    </section>
  )
}

function Labels({ conversation }: { conversation: Conversation }) {
  const t = useTranslations('inbox.details')
  const canWrite = useMay()('conversations:write')
  const labels = useQuery(labelsQuery)
  const { setLabels } = useConversationActions(conversation.id)
  const [isOpen, setOpen] = useState(false)
  const all = labels.data?.items ?? []
  const worn = new Set(conversation.labels.map(({ id }) => id))
  useKeys({ l: () => canWrite && all.length > 0 && setOpen(true) })
  const toggle = (id: string) => setLabels(all.filter((label) => worn.has(label.id) !== (label.id === id)))
  return (
    <>
      {conversation.labels.length > 0 ? (
        <ul className="flex flex-wrap gap-1">
          {conversation.labels.map(({ id, name, color }) => (
            <li key={id} className="max-w-full">
              <LabelChip name={name} color={color} />
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-sm text-ink-2">{all.length > 0 || !labels.data ? t('noLabels') : t('noLabelsYet')}</p>
      )}
      {canWrite && all.length > 0 && (
        <span>
          <MenuButton
            size="sm"
            isOpen={isOpen}
            onOpenChange={setOpen}
            placement="bottom start"
            groups={[
              {
                id: 'labels',
                items: all.map(({ id, name, color }) => ({
                  id,
                  name,
                  icon: <LabelDot color={color} />,
                  isChecked: worn.has(id),
                  staysOpen: true,
                  onAction: () => toggle(id),
                })),
              },
            ]}
          >
            <Tag aria-hidden="true" className="size-3.5" />
            {t('editLabels')}
          </MenuButton>
        </span>
      )}
    </>
  )
}
