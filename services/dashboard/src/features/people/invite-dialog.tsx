import { zodResolver } from '@hookform/resolvers/zod'
import { useQueryClient } from '@tanstack/react-query'
import { Controller, useForm } from 'react-hook-form'
import { useFormatter, useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { useAction } from '@/api/action'
import { api, data, once } from '@/api/client'
import { useRefusals } from '@/api/refusals'
import { useSession } from '@/app/session'
import { ROLES, type Role } from '@/lib/permissions'
import { Dialog, DialogBody, DialogFooter, FormDialog } from '@/ui/dialog'
import { TextInput } from '@/ui/form-fields'
import { Button, Note } from '@/ui/kit'
import { Secret } from '@/ui/secret'
import { useGuardedClose } from '@/ui/unsaved'
import { type Invitation, invitationsQuery } from './queries'
import { RoleRadios } from './user-dialogs'

const LONGEST_NAME = 200
interface Values {
  email: string
  name: string
  role: Role
}

/** Invites somebody; the link is shown once, and only here. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('people.invitations')
  const client = useQueryClient()
  const session = useSession()
  const schema = z.object({
    email: z.email(t('emailInvalid')),
    name: z.string().check(z.maxLength(LONGEST_NAME, t('tooLong', { n: LONGEST_NAME }))),
    role: z.enum(ROLES),
  })
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { email: '', name: '', role: 'agent' },
  })
  const invite = useAction(
    ({ name, ...rest }: Values, key) =>
      data(
        api.POST('/api/invitations', {
          body: { ...rest, email: rest.email.trim(), ...(name.trim() && { name: name.trim() }) },
          headers: once(key),
        }),
      ),
    { onDone: () => void client.invalidateQueries({ queryKey: invitationsQuery.queryKey }) },
  )
  const refused = useRefusals(form, invite.error, ['email', 'name', 'role'], { 'email-taken': 'email' })
  const { close, question } = useGuardedClose(form.formState.isDirty, onClose)
  const { control } = form
  if (invite.result) return <Ready invitation={invite.result} onClose={onClose} />
  return (
    <>
      <FormDialog
        title={t('title')}
        submit={t('submit')}
        onSubmit={() => void form.handleSubmit(invite.run)()}
        onClose={close}
        isPending={invite.isPending}
        error={refused}
      >
        <TextInput control={control} name="email" label={t('email')} type="email" autoComplete="off" autoFocus />
        <TextInput control={control} name="name" label={t('name')} hint={t('nameHint')} autoComplete="off" />
        <Controller
          control={control}
          name="role"
          render={({ field }) => (
            <RoleRadios
              value={field.value}
              onChange={field.onChange}
              mayAppointOwners={session.user.role === 'owner'}
            />
          )}
        />
      </FormDialog>
      {question}
    </>
  )
}

function Ready({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const t = useTranslations('people.invitations')
  const format = useFormatter()
  const expires = format.dateTime(new Date(invitation.expires_at), {
    dateStyle: 'long',
    timeStyle: 'short',
    hourCycle: 'h23',
  })
  return (
    <Dialog title={t('ready')} onClose={onClose}>
      <DialogBody>
        {invitation.url === null ? (
          // The answer was lost on its way and asked for again: the server says a secret once only.
          <Note tone="watch">{t('lost')}</Note>
        ) : (
          <>
            <p className="text-base text-ink-2 text-pretty">
              {t('readyLead', { email: invitation.email, date: expires })}
            </p>
            <Secret label={t('link')} value={invitation.url} copy={t('copy')} />
          </>
        )}
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onPress={onClose}>
          {t('done')}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
