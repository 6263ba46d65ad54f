import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox, type CheckboxProps } from 'react-aria-components/Checkbox'
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup'
import { Switch as AriaSwitch, type SwitchProps } from 'react-aria-components/Switch'
import { FieldError, Label, Text } from 'react-aria-components/TextField'
import { cx } from './kit'

/** On or off, at once. */
export function Switch({
  children,
  hint,
  ...props
}: Omit<SwitchProps, 'className'> & { children: ReactNode; hint?: ReactNode }) {
  return (
    <AriaSwitch {...props} className="group flex items-start gap-2.5 text-base disabled:opacity-50">
      <span className="mt-0.5 flex h-5 w-9 shrink-0 items-center rounded-full border border-line-strong bg-sunken px-0.5 group-focus-visible:outline-2 group-focus-visible:outline-offset-2 group-focus-visible:outline-agave group-selected:border-agave group-selected:bg-agave">
        <span className="size-3.5 rounded-full bg-ink-3 transition-transform duration-100 group-selected:translate-x-4 group-selected:bg-on-fill" />
      </span>
      <span className="flex flex-col">
        {children}
        {hint && <span className="text-xs text-ink-2 text-pretty">{hint}</span>}
      </span>
    </AriaSwitch>
  )
}

/** One of a set, or a consent. */
export function Checkbox({ children, ...props }: Omit<CheckboxProps, 'className'> & { children?: ReactNode }) {
  return (
    <AriaCheckbox {...props} className="group flex min-h-6 items-center gap-2 text-base disabled:opacity-50">
      <span className="grid size-4.5 shrink-0 place-items-center rounded border border-line-strong bg-surface group-focus-visible:outline-2 group-focus-visible:outline-offset-2 group-focus-visible:outline-agave group-selected:border-agave group-selected:bg-agave">
        <Check
          aria-hidden="true"
          strokeWidth={3}
          className="size-3 text-on-fill opacity-0 group-selected:opacity-100"
        />
      </span>
      {children}
    </AriaCheckbox>
  )
}

/** One of a few, all of them seen at once. */
export function Radios<K extends string>({
  label,
  value,
  onChange,
  options,
  error,
}: {
  label: string
  value: K | null
  onChange: (value: K) => void
  options: { id: K; name: ReactNode; hint?: ReactNode; isDisabled?: boolean }[]
  error?: string | undefined
}) {
  return (
    <RadioGroup
      value={value}
      onChange={(chosen) => onChange(chosen as K)}
      isInvalid={!!error}
      className="flex flex-col gap-1"
    >
      <Label className="text-sm font-medium">{label}</Label>
      {options.map((option) => (
        <Radio
          key={option.id}
          value={option.id}
          isDisabled={option.isDisabled}
          className={cx('group flex min-h-7 items-start gap-2 rounded-control py-1 text-base', 'disabled:opacity-50')}
        >
          <span className="mt-0.5 grid size-4.5 shrink-0 place-items-center rounded-full border border-line-strong bg-surface group-focus-visible:outline-2 group-focus-visible:outline-offset-2 group-focus-visible:outline-agave group-selected:border-agave">
            <span className="size-2.5 rounded-full bg-agave opacity-0 group-selected:opacity-100" />
          </span>
          <span className="flex min-w-0 flex-1 flex-col">
            {option.name}
            {option.hint && <span className="text-xs text-ink-2 text-pretty">{option.hint}</span>}
          </span>
        </Radio>
      ))}
      {error && (
        <Text slot="errorMessage" className="text-xs text-grana">
          {error}
        </Text>
      )}
      <FieldError />
    </RadioGroup>
  )
}
