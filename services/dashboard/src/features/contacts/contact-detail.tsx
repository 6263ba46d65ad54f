import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { MessageSquare, Pencil, Trash2, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { ApiError, api, data, once } from '@/api/client'
import { useProblem } from '@/api/problem'
import { useMay } from '@/app/session'
import { showPhone } from '@/lib/phone'
import { CopyButton } from '@/ui/copy'
import { Empty, ErrorState, Skeleton } from '@/ui/empty'
import { Button, LinkButton, Mono, Note } from '@/ui/kit'
import { NumberTag } from '@/ui/number-tag'
import { Consent } from './consent'
import { ContactForm } from './contact-form'
import { CONTACTS, type Contact, contactQuery } from './contact-queries'
import { DeleteDialog } from './delete-dialog'

/** One contact, beside the table; over it on a narrow window. */
export function ContactDetail({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations('contacts.detail')
  const panel = useRef<HTMLElement>(null)
  const { data: contact, error, refetch } = useQuery(contactQuery(id))
  const close = () => {
    onClose()
    document.querySelector<HTMLElement>(`[data-contact="${id}"]`)?.focus()
  }
  useEffect(() => panel.current?.focus(), [])
  const isGone = error instanceof ApiError && error.problem.status === 404
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={contact ? contact.name || showPhone(contact.phone_number) : t('panel')}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) close()
      }}
      className="w-88 shrink-0 overflow-y-auto border-l border-line bg-surface p-5 outline-none! max-lg:fixed max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:shadow-pop max-md:w-full"
    >
      <div className="float-right -mt-1 -mr-2">
        <Button variant="plain" size="icon-sm" aria-label={t('close')} onPress={close}>
          <X aria-hidden="true" className="size-4" />
        </Button>
      </div>
      {contact ? (
        <Facts contact={contact} onGone={close} />
      ) : isGone ? (
        <Empty title={t('gone')} />
      ) : error ? (
        <ErrorState error={error} title={t('error')} onRetry={() => void refetch()} />
      ) : (
        <Skeleton lines={6} />
      )}
    </aside>
  )
}

function Facts({ contact, onGone }: { contact: Contact; onGone: () => void }) {
  const t = useTranslations('contacts')
  const may = useMay()
  const format = useFormatter()
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null)
  const date = (at: string) => format.dateTime(new Date(at), { dateStyle: 'long' })
  return (
    <div className="flex flex-col gap-5">
      <h2 className="pr-8 text-lg font-semibold tracking-tight text-balance">{contact.name || t('noName')}</h2>
      <div className="flex flex-wrap gap-2">
        <Conversation contact={contact} />
        {may('contacts:write') && (
          <Button onPress={() => setDialog('edit')}>
            <Pencil aria-hidden="true" className="size-3.5" />
            {t('detail.edit')}
          </Button>
        )}
      </div>
      <dl className="flex flex-col gap-4">
        <Fact name={t('detail.phone')}>
          <span className="flex items-center justify-between gap-2">
            <Mono>{showPhone(contact.phone_number)}</Mono>
            <CopyButton value={contact.phone_number} />
          </span>
        </Fact>
        <Fact name={t('detail.number')}>
          {contact.from_twilio_number ? (
            <>
              <span className="flex items-center gap-2">
                <NumberTag number={contact.from_twilio_number} />
                <Mono className="text-sm">{showPhone(contact.from_twilio_number)}</Mono>
              </span>
              <Hint>{t('detail.numberHint')}</Hint>
            </>
          ) : (
            <Hint>{t('detail.noNumber')}</Hint>
          )}
        </Fact>
        <Fact name={t('detail.language')}>{t(`language.${contact.language ?? 'none'}`)}</Fact>
        <Fact name={t('detail.consent')}>
          <Consent contact={contact} />
          {contact.opted_out_at && <Hint>{t('consent.outSince', { date: date(contact.opted_out_at) })}</Hint>}
          {!contact.opted_out_at && contact.unreachable_code !== null && (
            <Hint>{t('consent.unreachableWhy', { code: String(contact.unreachable_code) })}</Hint>
          )}
        </Fact>
        <Fact name={t('detail.created')}>{date(contact.created_at)}</Fact>
      </dl>
      {may('contacts:delete') && (
        <div className="border-t border-line pt-4">
          <Button variant="plain" className="-ml-3 text-grana!" onPress={() => setDialog('delete')}>
            <Trash2 aria-hidden="true" className="size-3.5" />
            {t('detail.delete')}
          </Button>
        </div>
      )}
      {dialog === 'edit' && (
        <ContactForm contact={contact} onClose={() => setDialog(null)} onSaved={() => setDialog(null)} />
      )}
      {dialog === 'delete' && <DeleteDialog contact={contact} onClose={() => setDialog(null)} onDeleted={onGone} />}
    </div>
  )
}

/** The way to the conversation; where there is none yet, a button opens one without a text. */
function Conversation({ contact }: { contact: Contact }) {
  const t = useTranslations('contacts.detail')
  const may = useMay()
  const navigate = useNavigate()
  const client = useQueryClient()
  const { words } = useProblem()
  const start = useAction(
    (phone_number: string, key) =>
      data(api.POST('/api/conversations/start', { body: { phone_number }, headers: once(key) })),
    {
      onDone: ({ conversation }) => {
        void client.invalidateQueries({ queryKey: CONTACTS })
        void navigate({ to: '/inbox/$id', params: { id: conversation.id } })
      },
    },
  )
  if (contact.conversation_id) {
    return (
      <LinkButton to="/inbox/$id" params={{ id: contact.conversation_id }} variant="primary">
        <MessageSquare aria-hidden="true" className="size-3.5" />
        {t('conversation')}
      </LinkButton>
    )
  }
  if (!may('conversations:send')) return null
  return (
    <>
      <Button variant="primary" isPending={start.isPending} onPress={() => start.run(contact.phone_number)}>
        <MessageSquare aria-hidden="true" className="size-3.5" />
        {t('start')}
      </Button>
      {start.error && (
        <Note tone="bad" role="alert" className="w-full">
          {words(start.error)}
        </Note>
      )}
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-0.5">
      <dt className="text-xs text-ink-2">{name}</dt>
      <dd className="text-base">{children}</dd>
    </div>
  )
}

function Hint({ children }: { children: ReactNode }) {
  return <p className="pt-0.5 text-sm text-ink-2 text-pretty">{children}</p>
}
