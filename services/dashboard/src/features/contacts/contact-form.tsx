import { zodResolver } from '@hookform/resolvers/zod'
import { useQueryClient } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { useAction } from '@/api/action'
import { api, data, once } from '@/api/client'
import { useRefusals } from '@/api/refusals'
import { showPhone, toE164 } from '@/lib/phone'
import { FormDialog } from '@/ui/dialog'
import { SelectInput, TextInput } from '@/ui/form-fields'
import { Mono } from '@/ui/kit'
import { notify } from '@/ui/toast'
import { useGuardedClose } from '@/ui/unsaved'
import { CONTACTS, type Contact, contactQuery } from './contact-queries'

const LONGEST_NAME = 200
interface Values {
  phone_number: string
  name: string
  language: 'es' | 'en' | 'none'
}

/** Creates a contact, or edits one: its phone is what it is, so that it cannot be edited. */
export function ContactForm({
  contact,
  onClose,
  onSaved,
}: {
  contact: Contact | null
  onClose: () => void
  onSaved: (contact: Contact) => void
}) {
  const t = useTranslations('contacts')
  const client = useQueryClient()
  const schema = z.object({
    phone_number: z.string().check(z.refine((typed) => toE164(typed) !== null, t('form.phoneInvalid'))),
    name: z.string().check(z.maxLength(LONGEST_NAME, t('form.nameTooLong', { n: LONGEST_NAME }))),
    language: z.enum(['es', 'en', 'none']),
  })
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: {
      phone_number: contact?.phone_number ?? '',
      name: contact?.name ?? '',
      language: contact?.language ?? 'none',
    },
  })
  const save = useAction(
    (values: Values, key) => {
      const body = { name: values.name.trim(), language: values.language === 'none' ? null : values.language }
      return contact
        ? data(api.PATCH('/api/contacts/{id}', { params: { path: { id: contact.id } }, body }))
        : data(
            api.POST('/api/contacts', {
              body: { ...body, phone_number: toE164(values.phone_number) ?? values.phone_number },
              headers: once(key),
            }),
          )
    },
    {
      onDone: (saved) => {
        client.setQueryData(contactQuery(saved.id).queryKey, saved)
        void client.invalidateQueries({ queryKey: CONTACTS })
        notify({ tone: 'good', title: contact ? t('form.saved') : t('form.created') })
        onSaved(saved)
      },
    },
  )
  const refused = useRefusals(form, save.error, ['phone_number', 'name', 'language'], {
    'contact-exists': 'phone_number',
  })
  const { close, question } = useGuardedClose(form.formState.isDirty, onClose)
  return (
    <>
      <FormDialog
        title={contact ? t('form.editTitle') : t('form.newTitle')}
        submit={contact ? t('form.save') : t('form.create')}
        onSubmit={() => void form.handleSubmit(save.run)()}
        onClose={close}
        isPending={save.isPending}
        error={refused}
        width="sm"
      >
        {contact ? (
          <p className="text-sm text-ink-2">
            {t('form.phone')} <Mono>{showPhone(contact.phone_number)}</Mono>
          </p>
        ) : (
          <TextInput
            control={form.control}
            name="phone_number"
            label={t('form.phone')}
            hint={t('form.phoneHint')}
            type="tel"
            autoComplete="off"
            autoFocus
            mono
          />
        )}
        <TextInput control={form.control} name="name" label={t('form.name')} autoComplete="off" autoFocus={!!contact} />
        <SelectInput
          control={form.control}
          name="language"
          label={t('form.language')}
          options={(['none', 'es', 'en'] as const).map((id) => ({ id, name: t(`language.${id}`) }))}
        />
      </FormDialog>
      {question}
    </>
  )
}
