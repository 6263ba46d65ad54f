import { useTranslations } from 'use-intl'
import { showPhone } from '@/lib/phone'
import type { Conversation } from './queries'

/** What to call the other side: the name, or the phone of somebody without one. */
export const nameOf = ({ contact }: Pick<Conversation, 'contact'>) => contact.name || showPhone(contact.phone_number)

const HANDED_WHY = ['person', 'loop', 'hand_off', 'no_model', 'over_budget', 'model_failed', 'unfit_answer'] as const
const ENDED_WHY = ['opted_out', 'blocked', 'unreachable', 'superseded', 'handed_over', 'expired', 'undone'] as const

/** Words for the codes that the server writes; a code of a newer server gets general words. */
export function useCodeWords() {
  const t = useTranslations('inbox')
  return {
    handedWhy: (why: string | null | undefined) =>
      t(`assistant.why.${HANDED_WHY.find((known) => known === why) ?? 'other'}`),
    endedWhy: (why: string) => t(`ended.${ENDED_WHY.find((known) => known === why) ?? 'other'}`),
    twilio: (code: number) => {
      const key = `${code}` as '30003'
      const known = t.has(`code.what.${key}`)
      return known
        ? { what: t(`code.what.${key}`), remedy: t(`code.remedy.${key}`) }
        : { what: t('code.what.other', { code: String(code) }), remedy: t('code.remedy.other') }
    },
  }
}
