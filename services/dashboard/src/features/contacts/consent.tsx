import { useTranslations } from 'use-intl'
import { Badge } from '@/ui/kit'
import type { Contact } from './contact-queries'

/** Whether a person may be texted, in a word and a shape. */
export function Consent({ contact }: { contact: Contact }) {
  const t = useTranslations('contacts.consent')
  if (contact.opted_out_at) {
    return (
      <Badge tone="bad" shape>
        {t('out')}
      </Badge>
    )
  }
  if (contact.unreachable_code !== null) {
    return (
      <Badge tone="watch" shape>
        {t('unreachable')}
      </Badge>
    )
  }
  return (
    <Badge tone="good" shape>
      {t('ok')}
    </Badge>
  )
}
