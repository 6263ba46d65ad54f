import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { showPhone, toE164 } from '@/lib/phone'
import { Field } from '@/ui/fields'

/** Whose phone it is: any number will do, and a new one is a new customer. */
export function CustomerField({ customer, onChange }: { customer: string; onChange: (number: string) => void }) {
  const t = useTranslations('phone')
  const [typed, setTyped] = useState(showPhone(customer))
  const [checked, setChecked] = useState(false)
  const number = toE164(typed)
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    setChecked(true)
    if (number && number !== customer) onChange(number)
  }
  return (
    <form onSubmit={submit} noValidate>
      <Field
        label={t('customer')}
        type="tel"
        mono
        value={typed}
        onChange={setTyped}
        onBlur={() => submit()}
        autoComplete="off"
        hint={t('customerHint')}
        error={checked && !number ? t('bad') : undefined}
      />
    </form>
  )
}
