import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { ApiError, api, data, once } from '@/api/client'
import { refusedFields, useProblem } from '@/api/problem'
import { Checkbox } from '@/ui/choices'
import { CopyButton } from '@/ui/copy'
import { Dialog, DialogBody, DialogFooter, FormDialog } from '@/ui/dialog'
import { ErrorState, Skeleton } from '@/ui/empty'
import { Field } from '@/ui/fields'
import { Button, Mono, Note } from '@/ui/kit'
import { Secret } from '@/ui/secret'
import { QrCode } from './qr-code'

/** Turns the second factor on: a key for the phone, a code that proves it, and codes for the day it is lost. */
export function FactorSetUp({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings.factor')
  const begin = useAction((_: null, key) => data(api.POST('/api/session/second-factor', { headers: once(key) })))
  const { run } = begin
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when the dialog opens.
  useEffect(() => run(null), [])
  if (begin.result) {
    return <Confirm secret={begin.result.secret} address={begin.result.otpauth_url} onClose={onClose} />
  }
  return (
    <Dialog title={t('title2')} onClose={onClose}>
      <DialogBody className="pb-6">
        {begin.error ? <ErrorState error={begin.error} onRetry={() => run(null)} /> : <Skeleton lines={6} />}
      </DialogBody>
    </Dialog>
  )
}

/** Whether the server says that the code does not match. */
const isWrongCode = (error: Error | null): boolean =>
  error instanceof ApiError && (error.problem.code === 'wrong-code' || 'code' in refusedFields(error))

function Confirm({ secret, address, onClose }: { secret: string; address: string; onClose: () => void }) {
  const t = useTranslations('settings.factor')
  const { words } = useProblem()
  const [code, setCode] = useState('')
  const [isBad, setBad] = useState(false)
  const confirm = useAction((value: string, key) =>
    data(api.POST('/api/session/second-factor/confirm', { body: { code: value }, headers: once(key) })),
  )
  const digits = code.replace(/\s/g, '')
  const submit = () => {
    const isCode = /^\d{6}$/.test(digits)
    setBad(!isCode)
    if (isCode) confirm.run(digits)
  }
  if (confirm.result) return <Recovery codes={confirm.result.recovery_codes} onClose={onClose} />
  const isWrong = isWrongCode(confirm.error)
  return (
    <FormDialog
      title={t('title2')}
      submit={t('confirm')}
      onSubmit={submit}
      onClose={onClose}
      isPending={confirm.isPending}
      error={confirm.error && !isWrong ? words(confirm.error) : undefined}
    >
      <p className="text-base text-ink-2">{t('scan')}</p>
      <QrCode text={address} label={t('qr')} />
      <Secret label={t('bySecret')} value={secret} copy={t('copySecret')} />
      <Field
        label={t('code')}
        value={code}
        onChange={(typed) => {
          setCode(typed)
          setBad(false)
        }}
        inputMode="numeric"
        autoComplete="one-time-code"
        className="max-w-44"
        error={isBad ? t('codeBad') : isWrong ? t('wrongCode') : undefined}
        mono
        autoFocus
      />
    </FormDialog>
  )
}

/** The recovery codes, once: the dialog closes when the person says that they are kept. */
function Recovery({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const t = useTranslations('settings.factor')
  const [areKept, setKept] = useState(false)
  const [isWarned, setWarned] = useState(false)
  const close = () => (areKept ? onClose() : setWarned(true))
  return (
    <Dialog title={t('recovery')} onClose={close} role="alertdialog">
      <DialogBody>
        <Note tone="good" role="status">
          {t('turnedOn')}
        </Note>
        <p className="text-base text-ink-2 text-pretty">{t('recoveryLead')}</p>
        <ul className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-control border border-line bg-sunken px-4 py-3">
          {codes.map((code) => (
            <li key={code}>
              <Mono className="text-sm select-all">{code}</Mono>
            </li>
          ))}
        </ul>
        <div>
          <CopyButton value={codes.join('\n')} label={t('copyAll')} />
        </div>
        <Checkbox isSelected={areKept} onChange={setKept}>
          {t('kept')}
        </Checkbox>
        {isWarned && !areKept && (
          <Note tone="watch" role="alert">
            {t('notKept')}
          </Note>
        )}
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onPress={close}>
          {t('done')}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
