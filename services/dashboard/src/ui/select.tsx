import { Check, ChevronDown } from 'lucide-react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select as AriaSelect, SelectValue } from 'react-aria-components/Select'
import { FieldError } from 'react-aria-components/TextField'
import { FieldLabel } from './fields'
import { cx } from './kit'
import { optionClass, popoverClass } from './option'

/** One of many, in a list that opens. */
export function Select<K extends string>({
  label,
  value,
  onChange,
  options,
  hideLabel,
  error,
  isDisabled,
  className,
}: {
  label: string
  value: K
  onChange: (value: K) => void
  options: readonly { id: K; name: string }[]
  hideLabel?: boolean
  error?: string | undefined
  isDisabled?: boolean
  className?: string
}) {
  return (
    <AriaSelect
      aria-label={hideLabel ? label : undefined}
      value={value}
      onChange={(key) => onChange(key as K)}
      isInvalid={!!error}
      isDisabled={isDisabled ?? false}
      className={cx('flex flex-col gap-1', className)}
    >
      {!hideLabel && <FieldLabel>{label}</FieldLabel>}
      <AriaButton className="inline-flex h-9 w-full items-center justify-between gap-2 rounded-control border border-line-strong/70 bg-surface px-2.5 text-base text-ink hover:bg-sunken disabled:opacity-50">
        {/* The text alone: the option's own content has a tick before it. */}
        <SelectValue className="truncate">{({ selectedText }) => selectedText}</SelectValue>
        <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-ink-3" />
      </AriaButton>
      <FieldError className="text-xs text-grana">{error}</FieldError>
      <Popover className={cx(popoverClass, 'min-w-(--trigger-width) overflow-y-auto')}>
        <ListBox items={options} className="outline-none">
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.name} className={cx(optionClass, 'group')}>
              <Check aria-hidden="true" className="size-3.5 shrink-0 text-agave opacity-0 group-selected:opacity-100" />
              {option.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
