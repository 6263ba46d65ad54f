import { CalendarDateTime, parseAbsolute, toZoned, type ZonedDateTime } from '@internationalized/date'
import { CalendarDays } from 'lucide-react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Calendar, CalendarCell, CalendarGrid } from 'react-aria-components/Calendar'
import { DateInput, DatePicker, DateSegment } from 'react-aria-components/DatePicker'
import { Dialog } from 'react-aria-components/Dialog'
import { Group } from 'react-aria-components/Group'
import { Popover } from 'react-aria-components/Popover'
import { FieldError, Text } from 'react-aria-components/TextField'
import { useTranslations } from 'use-intl'
import { CalendarHead, cellClass, dateInputClass, segmentClass } from './date-range'
import { FieldLabel } from './fields'
import { popoverClass } from './option'

/** A moment, typed or picked on the wall clock of one zone whatever the browser's is. */
export function DateTimeField({
  label,
  value,
  onChange,
  timeZone,
  hint,
  error,
}: {
  label: string
  value: Date
  onChange: (value: Date) => void
  timeZone: string
  hint?: string
  error?: string | undefined
}) {
  const t = useTranslations('ui')
  return (
    <DatePicker<ZonedDateTime>
      value={parseAbsolute(value.toISOString(), timeZone)}
      onChange={(chosen) => {
        if (!chosen) return
        const { year, month, day, hour, minute } = chosen
        onChange(toZoned(new CalendarDateTime(year, month, day, hour, minute), timeZone).toDate())
      }}
      granularity="minute"
      hourCycle={24}
      hideTimeZone
      shouldForceLeadingZeros
      isInvalid={!!error}
      className="flex flex-col gap-1"
    >
      <FieldLabel>{label}</FieldLabel>
      <Group className="flex h-9 items-center rounded-control border border-line-strong/70 bg-surface px-2.5 focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-agave">
        <DateInput className={`${dateInputClass} flex-1`}>
          {(segment) => <DateSegment segment={segment} className={segmentClass} />}
        </DateInput>
        <AriaButton
          aria-label={t('calendar')}
          className="-mr-1.5 grid size-7 place-items-center rounded-control text-ink-2 hover:bg-sunken"
        >
          <CalendarDays aria-hidden="true" className="size-4" />
        </AriaButton>
      </Group>
      {hint && !error && (
        <Text slot="description" className="text-xs text-ink-2">
          {hint}
        </Text>
      )}
      <FieldError className="text-xs text-grana">{error}</FieldError>
      <Popover className={popoverClass}>
        <Dialog className="p-2 outline-none">
          <Calendar>
            <CalendarHead />
            <CalendarGrid>{(date) => <CalendarCell date={date} className={cellClass} />}</CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </DatePicker>
  )
}
