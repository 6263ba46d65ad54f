import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { useProblem } from '@/api/problem'
import { last4, showPhone } from '@/lib/phone'
import { Dialog, DialogBody, DialogFooter, FormDialog } from '@/ui/dialog'
import { Field } from '@/ui/fields'
import { Button, Note } from '@/ui/kit'
import { CONTACTS, type Contact, contactQuery } from './contact-queries'

const KNOWN = ['opt_out', 'webhook_receipts', 'provider_records', 'figures'] as const
type Known = (typeof KNOWN)[number]
const isKnown = (what: string): what is Known => (KNOWN as readonly string[]).includes(what)

const erase = (id: string) => data(api.DELETE('/api/contacts/{id}', { params: { path: { id } } }))
type Erased = Awaited<ReturnType<typeof erase>>

/** Deletes a person's data at their request: says before what will go, and after what remains and why. */
export function DeleteDialog({
  contact,
  onClose,
  onDeleted,
}: {
  contact: Contact
  onClose: () => void
  onDeleted: () => void
}) {
  const t = useTranslations('contacts.delete')
  const client = useQueryClient()
  const { words } = useProblem()
  const [typed, setTyped] = useState('')
  const [isWrong, setWrong] = useState(false)
  const action = useAction(erase, {
    onDone: () => void client.invalidateQueries({ queryKey: [...CONTACTS, 'page'] }),
  })
  const digits = last4(contact.phone_number)
  const leave = () => {
    client.removeQueries({ queryKey: contactQuery(contact.id).queryKey })
    onDeleted()
  }
  if (action.result) return <Result erased={action.result} onClose={leave} />
  return (
    <FormDialog
      title={t('title', { name: contact.name || showPhone(contact.phone_number) })}
      submit={t('submit')}
      variant="danger"
      onSubmit={() => {
        setWrong(typed.trim() !== digits)
        if (typed.trim() === digits) action.run(contact.id)
      }}
      onClose={onClose}
      isPending={action.isPending}
      error={action.error ? words(action.error) : undefined}
    >
      <p className="text-base text-ink-2">{t('lead')}</p>
      <List title={t('goes')}>
        <li>{t('goesContact')}</li>
        <li>{t('goesConversations')}</li>
        <li>{t('goesNotes')}</li>
      </List>
      <div>
        <h3 className="text-sm font-medium">{t('stays')}</h3>
        <p className="text-sm text-ink-2 text-pretty">{t('staysHint')}</p>
      </div>
      <Field
        label={t('confirm', { digits })}
        value={typed}
        onChange={setTyped}
        inputMode="numeric"
        autoComplete="off"
        className="max-w-60"
        error={isWrong ? t('confirmWrong') : undefined}
        mono
      />
    </FormDialog>
  )
}

function Result({ erased, onClose }: { erased: Erased; onClose: () => void }) {
  const t = useTranslations('contacts.delete')
  return (
    <Dialog title={t('done')} onClose={onClose}>
      <DialogBody>
        <Note tone="good" role="status">
          {t('deleted', erased.deleted)}
        </Note>
        {erased.remains.length === 0 ? (
          <p className="text-base">{t('nothingRemains')}</p>
        ) : (
          <div>
            <h3 className="pb-1 text-sm font-medium">{t('stays')}</h3>
            <ul className="flex flex-col gap-2">
              {erased.remains.map(({ what, why }) => (
                <li key={what}>
                  <p className="text-base">{isKnown(what) ? t(`remains.${what}`) : what}</p>
                  <p className="text-sm text-ink-2 text-pretty">{isKnown(what) ? t(`why.${what}`) : why}</p>
                </li>
              ))}
            </ul>
          </div>
        )}
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onPress={onClose} autoFocus>
          {t('close')}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}

function List({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="text-sm font-medium">{title}</h3>
      <ul className="list-disc pl-5 text-sm text-ink-2">{children}</ul>
    </div>
  )
}
