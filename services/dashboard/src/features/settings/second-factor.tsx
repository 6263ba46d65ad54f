import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data } from '@/api/client'
import { useProblem } from '@/api/problem'
import { sessionQuery, useSession } from '@/app/session'
import { FormDialog } from '@/ui/dialog'
import { PasswordField } from '@/ui/fields'
import { Badge, Button } from '@/ui/kit'
import { Card } from '@/ui/section-form'
import { notify } from '@/ui/toast'
import { FactorSetUp } from './factor-set-up'
import { isWrongPassword } from './password-form'

/** A code from the phone besides the password: on or off, and the way to the other. */
export function SecondFactor() {
  const t = useTranslations('settings.factor')
  const { second_factor: isOn } = useSession()
  const client = useQueryClient()
  const [dialog, setDialog] = useState<'on' | 'off' | null>(null)
  const close = () => {
    setDialog(null)
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
  }
  return (
    <Card
      title={t('title')}
      description={t('lead')}
      actions={
        isOn ? (
          <Button onPress={() => setDialog('off')}>{t('turnOff')}</Button>
        ) : (
          <Button variant="primary" onPress={() => setDialog('on')}>
            {t('setUp')}
          </Button>
        )
      }
    >
      <p>
        <Badge tone={isOn ? 'good' : 'watch'} shape>
          {isOn ? t('on') : t('off')}
        </Badge>
      </p>
      {dialog === 'on' && <FactorSetUp onClose={close} />}
      {dialog === 'off' && <TurnOff onClose={close} />}
    </Card>
  )
}

function TurnOff({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings')
  const { words } = useProblem()
  const [password, setPassword] = useState('')
  const turnOff = useAction(
    (value: string) => data(api.DELETE('/api/session/second-factor', { body: { password: value } })),
    {
      onDone: () => {
        notify({ tone: 'info', title: t('factor.turnedOff') })
        onClose()
      },
    },
  )
  const isWrong = isWrongPassword(turnOff.error, 'password')
  return (
    <FormDialog
      title={t('factor.offTitle')}
      submit={t('factor.turnOff')}
      variant="danger"
      onSubmit={() => turnOff.run(password)}
      onClose={onClose}
      isPending={turnOff.isPending}
      isDisabled={password === ''}
      error={turnOff.error && !isWrong ? words(turnOff.error) : undefined}
      width="sm"
    >
      <p className="text-base text-ink-2 text-pretty">{t('factor.offLead')}</p>
      <PasswordField
        label={t('factor.password')}
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        error={isWrong ? t('password.wrong') : undefined}
        autoFocus
      />
    </FormDialog>
  )
}
