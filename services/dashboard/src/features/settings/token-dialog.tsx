import { zodResolver } from '@hookform/resolvers/zod'
import { useQueryClient } from '@tanstack/react-query'
import { Controller, useForm } from 'react-hook-form'
import { useTranslations } from 'use-intl'
import * as z from 'zod/mini'
import { useAction } from '@/api/action'
import { api, data, once } from '@/api/client'
import { useRefusals } from '@/api/refusals'
import { useSession } from '@/app/session'
import { byResource, isPermission, PERMISSIONS, type Permission } from '@/lib/permissions'
import { CheckboxGroup } from '@/ui/checkbox-group'
import { Dialog, DialogBody, DialogFooter, FormDialog } from '@/ui/dialog'
import { SelectInput, TextInput } from '@/ui/form-fields'
import { Button, Note } from '@/ui/kit'
import { Secret } from '@/ui/secret'
import { useGuardedClose } from '@/ui/unsaved'
import { tokensQuery } from './queries'

const LONGEST_NAME = 80
const DAY_MS = 86_400_000
const EXPIRIES = ['30', '90', '365', 'none'] as const
/** What belongs to a person at a browser and means nothing to a program. */
const NOT_FOR_PROGRAMS = new Set<Permission>(['session:own', 'tokens:own'])
/** One's own permissions that this page knows, those about the same thing side by side. */
const scopesToOffer = (permissions: readonly string[]): Permission[] =>
  byResource(permissions.filter(isPermission).filter((permission) => !NOT_FOR_PROGRAMS.has(permission))).flatMap(
    ([, scopes]) => scopes,
  )

interface Values {
  name: string
  scopes: Permission[]
  expiry: (typeof EXPIRIES)[number]
}

/** Makes a key to the API, with some of one's own permissions; it is shown once. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings')
  const words = useTranslations('people.permission')
  const client = useQueryClient()
  const { permissions } = useSession()
  const schema = z.object({
    name: z.string().check(
      z.refine((s) => s.trim() !== '', t('field.required')),
      z.maxLength(LONGEST_NAME, t('field.tooLong', { n: LONGEST_NAME })),
    ),
    scopes: z.array(z.enum(PERMISSIONS)).check(z.minLength(1, t('tokens.scopesNeeded'))),
    expiry: z.enum(EXPIRIES),
  })
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name: '', scopes: [], expiry: '90' },
  })
  const create = useAction(
    ({ name, scopes, expiry }: Values, key) => {
      const expires_at = expiry === 'none' ? null : new Date(Date.now() + Number(expiry) * DAY_MS).toISOString()
      return data(api.POST('/api/tokens', { body: { name: name.trim(), scopes, expires_at }, headers: once(key) }))
    },
    { onDone: () => void client.invalidateQueries({ queryKey: tokensQuery.queryKey }) },
  )
  const refused = useRefusals(form, create.error, ['name', 'scopes'])
  const { close, question } = useGuardedClose(form.formState.isDirty, onClose)
  const { control } = form
  if (create.result) return <Ready token={create.result.token} onClose={onClose} />
  const expiryName = (id: Values['expiry']) =>
    id === 'none' ? t('tokens.expiryNone') : t('tokens.expiryDays', { n: Number(id) })
  return (
    <>
      <FormDialog
        title={t('tokens.createTitle')}
        submit={t('tokens.create')}
        onSubmit={() => void form.handleSubmit(create.run)()}
        onClose={close}
        isPending={create.isPending}
        error={refused}
        width="lg"
      >
        <TextInput
          control={control}
          name="name"
          label={t('tokens.name')}
          hint={t('tokens.nameHint')}
          autoComplete="off"
          autoFocus
        />
        <SelectInput
          control={control}
          name="expiry"
          label={t('tokens.expiry')}
          options={EXPIRIES.map((id) => ({ id, name: expiryName(id) }))}
          className="max-w-44"
        />
        <Controller
          control={control}
          name="scopes"
          render={({ field, fieldState }) => (
            <CheckboxGroup<Permission>
              label={t('tokens.scopes')}
              value={field.value}
              onChange={field.onChange}
              error={fieldState.error?.message}
              options={scopesToOffer(permissions).map((id) => ({ id, name: words(id) }))}
              className="gap-x-6 sm:columns-2"
            />
          )}
        />
      </FormDialog>
      {question}
    </>
  )
}

function Ready({ token, onClose }: { token: string | null; onClose: () => void }) {
  const t = useTranslations('settings.tokens')
  return (
    <Dialog title={t('readyTitle')} onClose={onClose} role="alertdialog">
      <DialogBody>
        {token === null ? (
          // The answer was lost on its way and asked for again: the server says a secret once only.
          <Note tone="watch">{t('lost')}</Note>
        ) : (
          <>
            <p className="text-base text-ink-2 text-pretty">{t('readyLead')}</p>
            <Secret label={t('tokenLabel')} value={token} copy={t('copy')} />
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
