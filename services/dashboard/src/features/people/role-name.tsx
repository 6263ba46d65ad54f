import { useTranslations } from 'use-intl'
import type { Role } from '@/lib/permissions'

/** A role's name at the beginning of a line or a cell. */
export function RoleName({ role }: { role: Role }) {
  const t = useTranslations('app.roles')
  return <span className="inline-block first-letter:uppercase">{t(role)}</span>
}
