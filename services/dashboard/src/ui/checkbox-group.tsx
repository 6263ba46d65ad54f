import type { ReactNode } from 'react'
import { CheckboxGroup as AriaCheckboxGroup } from 'react-aria-components/CheckboxGroup'
import { FieldError } from 'react-aria-components/TextField'
import { Checkbox } from './choices'
import { FieldLabel } from './fields'
import { cx } from './kit'

/** Several of a few, all of them seen at once. */
export function CheckboxGroup<K extends string>({
  label,
  value,
  onChange,
  options,
  error,
  isReadOnly,
  className,
}: {
  label: string
  value: readonly K[]
  onChange: (value: K[]) => void
  options: readonly { id: K; name: ReactNode }[]
  error?: string | undefined
  isReadOnly?: boolean
  /** How the boxes lie: `flex flex-wrap gap-x-4`, a grid. */
  className?: string
}) {
  return (
    <AriaCheckboxGroup
      value={[...value]}
      onChange={(chosen) => onChange(chosen as K[])}
      isInvalid={!!error}
      isReadOnly={isReadOnly ?? false}
      className="flex flex-col gap-1"
    >
      <FieldLabel>{label}</FieldLabel>
      <div className={cx('pt-0.5', className ?? 'flex flex-col gap-1')}>
        {options.map((option) => (
          <Checkbox key={option.id} value={option.id}>
            {option.name}
          </Checkbox>
        ))}
      </div>
      <FieldError className="text-xs text-grana">{error}</FieldError>
    </AriaCheckboxGroup>
  )
}
