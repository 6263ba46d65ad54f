import { Check, Minus } from 'lucide-react'
import { Fragment } from 'react'
import { useTranslations } from 'use-intl'
import { byResource, PERMISSIONS, ROLES, roleMay } from '@/lib/permissions'
import { ScrollX } from '@/ui/scroll-x'
import { isResource } from './resources'
import { RoleName } from './role-name'

/** What every role may do, under what it is about. */
export function RoleMatrix() {
  const t = useTranslations('people')
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-ink-2">{t('roles.lead')}</p>
      <ScrollX label={t('roles.table')}>
        <table aria-label={t('roles.table')} className="w-full border-collapse text-left text-sm">
          <thead>
            <tr className="border-b border-line text-xs text-ink-2">
              <th scope="col" className="h-9 px-3 font-medium">
                {t('roles.permission')}
              </th>
              {ROLES.map((role) => (
                <th key={role} scope="col" className="w-28 px-3 text-center font-medium">
                  <RoleName role={role} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {byResource(PERMISSIONS).map(([resource, permissions]) => (
              <Fragment key={resource}>
                <tr className="border-b border-line/70 bg-sunken/50">
                  <th
                    scope="colgroup"
                    colSpan={ROLES.length + 1}
                    className="px-3 py-1.5 text-xs font-medium text-ink-2"
                  >
                    {isResource(resource) ? t(`resource.${resource}`) : resource}
                  </th>
                </tr>
                {permissions.map((permission) => (
                  <tr key={permission} className="border-b border-line/70 last:border-0">
                    <th scope="row" className="h-9 px-3 font-normal">
                      {t(`permission.${permission}`)}
                    </th>
                    {ROLES.map((role) => (
                      <td key={role} className="px-3 text-center">
                        <Mark isGranted={roleMay(role, permission)} />
                      </td>
                    ))}
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </div>
  )
}

function Mark({ isGranted }: { isGranted: boolean }) {
  const t = useTranslations('people.roles')
  const Icon = isGranted ? Check : Minus
  return (
    <>
      <Icon aria-hidden="true" className={isGranted ? 'inline size-4 text-agave' : 'inline size-4 text-ink-3/60'} />
      <span className="sr-only">{isGranted ? t('yes') : t('no')}</span>
    </>
  )
}
