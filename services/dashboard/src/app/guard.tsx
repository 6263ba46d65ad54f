import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Empty } from '@/ui/empty'
import { useMay } from './session'

/** The least role that has a permission: what to ask the owner for. */
const LEAST_ROLE: Record<string, 'agent' | 'admin'> = {
  'contacts:import': 'admin',
  'contacts:export': 'admin',
  'contacts:delete': 'admin',
  'numbers:write': 'admin',
  'assistant:write': 'admin',
  'users:write': 'admin',
  'invitations:write': 'admin',
  'audit:read': 'admin',
  'account:write': 'admin',
  'labels:write': 'admin',
}

/** Shows its content to those who may see it, and to the others which role they would need and who gives it. */
export function Guard({ need, children }: { need: string; children: ReactNode }) {
  const may = useMay()
  const t = useTranslations('app')
  if (may(need)) return children
  const role = t(`roles.${LEAST_ROLE[need] ?? 'agent'}`)
  return <Empty title={t('forbidden')} hint={t('forbiddenHint', { role })} />
}
