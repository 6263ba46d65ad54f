import { parseDate } from '@internationalized/date'
import { CalendarDays, ChevronLeft, ChevronRight, X } from 'lucide-react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { DateInput, DateRangePicker, DateSegment } from 'react-aria-components/DateRangePicker'
import { Dialog } from 'react-aria-components/Dialog'
import { Group } from 'react-aria-components/Group'
import { Heading } from 'react-aria-components/Heading'
import { Popover } from 'react-aria-components/Popover'
import { CalendarCell, CalendarGrid, RangeCalendar } from 'react-aria-components/RangeCalendar'
import { useTranslations } from 'use-intl'
import { FieldLabel } from './fields'
import { Button } from './kit'
import { popoverClass } from './option'

export const dateInputClass = 'flex items-center text-base tnum'
export const segmentClass =
  'rounded px-0.5 outline-none placeholder-shown:text-ink-3 focus:bg-agave focus:text-on-fill invalid:text-grana'
export const cellClass =
  'grid size-9 cursor-default place-items-center rounded-control text-sm tnum outline-offset-[-2px]! hover:bg-sunken outside-month:hidden disabled:text-ink-3 selected:bg-agave-soft selected:text-agave-ink selection-start:bg-agave! selection-start:text-on-fill! selection-end:bg-agave! selection-end:text-on-fill!'

/** The month's name and the way to the next and the previous. */
export function CalendarHead() {
  const t = useTranslations('ui')
  const look = 'grid size-8 place-items-center rounded-control text-ink-2 hover:bg-sunken disabled:opacity-40'
  return (
    <div className="flex items-center justify-between pb-2">
      <AriaButton slot="previous" aria-label={t('previousMonth')} className={look}>
        <ChevronLeft aria-hidden="true" className="size-4" />
      </AriaButton>
      <Heading className="text-sm font-semibold first-letter:uppercase" />
      <AriaButton slot="next" aria-label={t('nextMonth')} className={look}>
        <ChevronRight aria-hidden="true" className="size-4" />
      </AriaButton>
    </div>
  )
}

/** Two calendar days, both included, as `2026-11-22`; it tells both of them, or none. */
export function DateRangeField({
  label,
  from,
  to,
  onChange,
}: {
  label: string
  from: string | undefined
  to: string | undefined
  onChange: (from: string | undefined, to: string | undefined) => void
}) {
  const t = useTranslations('ui')
  const start = from ?? to
  const end = to ?? from
  return (
    <DateRangePicker
      value={start && end ? { start: parseDate(start), end: parseDate(end) } : null}
      onChange={(range) => onChange(range?.start.toString(), range?.end.toString())}
      className="flex flex-col gap-1"
    >
      <FieldLabel>{label}</FieldLabel>
      <Group className="flex h-9 items-center gap-1 rounded-control border border-line-strong/70 bg-surface px-2.5 focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-agave">
        <DateInput slot="start" className={dateInputClass}>
          {(segment) => <DateSegment segment={segment} className={segmentClass} />}
        </DateInput>
        <span aria-hidden="true" className="px-1 text-ink-3">
          –
        </span>
        <DateInput slot="end" className={`${dateInputClass} flex-1`}>
          {(segment) => <DateSegment segment={segment} className={segmentClass} />}
        </DateInput>
        {start && (
          <Button
            variant="plain"
            size="icon-sm"
            slot={null}
            aria-label={t('clearFilters')}
            onPress={() => onChange(undefined, undefined)}
          >
            <X aria-hidden="true" className="size-3.5" />
          </Button>
        )}
        <AriaButton
          aria-label={t('calendar')}
          className="-mr-1.5 grid size-7 place-items-center rounded-control text-ink-2 hover:bg-sunken"
        >
          <CalendarDays aria-hidden="true" className="size-4" />
        </AriaButton>
      </Group>
      <Popover className={popoverClass}>
        <Dialog className="p-2 outline-none">
          <RangeCalendar>
            <CalendarHead />
            <CalendarGrid>{(date) => <CalendarCell date={date} className={cellClass} />}</CalendarGrid>
          </RangeCalendar>
        </Dialog>
      </Popover>
    </DateRangePicker>
  )
}
