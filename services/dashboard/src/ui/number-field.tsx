import { NumberField as AriaNumberField, type NumberFieldProps } from 'react-aria-components/NumberField'
import { FieldError, Input, Text } from 'react-aria-components/TextField'
import { FieldLabel, inputClass } from './fields'
import { cx } from './kit'

/** A number, typed or stepped with the arrow keys. */
export function NumberField({
  label,
  hint,
  error,
  unit,
  className,
  ...props
}: Omit<NumberFieldProps, 'className' | 'children'> & {
  label: string
  hint?: string
  error?: string | undefined
  /** Written after the number: "segmentos". */
  unit?: string
  className?: string
}) {
  return (
    <AriaNumberField {...props} isInvalid={!!error} className={cx('flex flex-col gap-1', className)}>
      <FieldLabel>{label}</FieldLabel>
      <div className="flex items-center gap-2">
        <Input className={cx(inputClass, 'w-28! tnum')} />
        {unit && <span className="text-sm text-ink-2">{unit}</span>}
      </div>
      {hint && !error && (
        <Text slot="description" className="text-xs text-ink-2 text-pretty">
          {hint}
        </Text>
      )}
      <FieldError className="text-xs text-grana">{error}</FieldError>
    </AriaNumberField>
  )
}
