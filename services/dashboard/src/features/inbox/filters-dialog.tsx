import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { last4 } from '@/lib/phone'
import { Checkbox } from '@/ui/choices'
import { DateRangeField } from '@/ui/date-range'
import { Dialog, DialogBody, DialogFooter } from '@/ui/dialog'
import { Button } from '@/ui/kit'
import { Select } from '@/ui/select'
import { type Filters, STATUSES, type Status } from './filters'
import { labelsQuery, numbersQuery, ownersQuery } from './queries'

const ANY = ''

/** Every filter at once; each change shows in the list behind at once. */
export function FiltersDialog({
  filters,
  onChange,
  onClose,
}: {
  filters: Filters
  onChange: (filters: Filters) => void
  onClose: () => void
}) {
  const t = useTranslations('inbox')
  const tUi = useTranslations('ui')
  const owners = useQuery(ownersQuery)
  const numbers = useQuery(numbersQuery)
  const labels = useQuery(labelsQuery)
  const set = <K extends keyof Filters>(key: K, value: Filters[K] | '') => {
    const { [key]: _, ...rest } = filters
    onChange(value ? { ...rest, [key]: value } : rest)
  }
  const any = { id: ANY, name: t('filters.any') }
  return (
    <Dialog title={t('filters.title')} onClose={onClose}>
      <DialogBody>
        <div className="grid grid-cols-2 gap-4 max-sm:grid-cols-1">
          <Select<Status | ''>
            label={t('filters.status')}
            value={filters.status ?? ANY}
            onChange={(status) => set('status', status)}
            options={[any as { id: ''; name: string }, ...STATUSES.map((id) => ({ id, name: t(`status.${id}`) }))]}
          />
          <Select
            label={t('filters.owner')}
            value={filters.owner ?? ANY}
            onChange={(owner) => set('owner', owner)}
            options={[
              any,
              { id: 'me', name: t('filters.me') },
              { id: 'none', name: t('filters.nobody') },
              ...(owners.data ?? []).map(({ id, name }) => ({ id, name })),
            ]}
          />
          <Select
            label={t('filters.number')}
            value={filters.number ?? ANY}
            onChange={(number) => set('number', number)}
            options={[
              any,
              ...(numbers.data?.items ?? []).map((number) => ({
                id: number.id,
                name: `${number.label} · ${last4(number.phone_number)}`,
              })),
            ]}
          />
          <Select
            label={t('filters.label')}
            value={filters.label ?? ANY}
            onChange={(label) => set('label', label)}
            options={[any, ...(labels.data?.items ?? []).map(({ id, name }) => ({ id, name }))]}
          />
        </div>
        <DateRangeField
          label={t('filters.dates')}
          from={filters.from}
          to={filters.to}
          onChange={(from, to) => {
            const { from: _, to: __, ...rest } = filters
            onChange({ ...rest, ...(from && { from }), ...(to && { to }) })
          }}
        />
        <div className="flex flex-wrap gap-x-6 gap-y-1">
          <Checkbox isSelected={filters.unread ?? false} onChange={(on) => set('unread', on || '')}>
            {t('filters.unread')}
          </Checkbox>
          <Checkbox isSelected={filters.handed ?? false} onChange={(on) => set('handed', on || '')}>
            {t('filters.handed')}
          </Checkbox>
        </div>
      </DialogBody>
      <DialogFooter>
        <Button onPress={() => onChange(filters.q ? { q: filters.q } : {})}>{tUi('clearFilters')}</Button>
        <Button variant="primary" onPress={onClose}>
          {t('filters.done')}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}
