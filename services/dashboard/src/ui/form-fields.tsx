import { createContext, type ReactNode, useContext, useRef } from 'react'
import { type Control, type FieldPath, type FieldValues, useController } from 'react-hook-form'
import { Radios, Switch } from './choices'
import { Field, type FieldProps, PasswordField, TextAreaField } from './fields'
import { NumberField } from './number-field'
import { Select } from './select'

/** Whether the form around may only be read. */
export const ReadOnly = createContext(false)

interface Bound<T extends FieldValues> {
  control: Control<T>
  name: FieldPath<T>
}

/** The controller of one field, and where the form looks for what to focus when it is wrong. */
function useBound<T extends FieldValues>({ control, name }: Bound<T>) {
  const { field, fieldState } = useController({ control, name })
  const box = useRef<HTMLDivElement>(null)
  field.ref({ focus: () => box.current?.querySelector<HTMLElement>('input, textarea, button')?.focus() })
  const readOnly = useContext(ReadOnly)
  return { field, box, readOnly, error: fieldState.error?.message }
}

/** Holds a field without a box of its own. */
function Holder({ box, children }: { box: React.RefObject<HTMLDivElement | null>; children: ReactNode }) {
  return (
    <div ref={box} className="contents">
      {children}
    </div>
  )
}

type TextProps = Omit<FieldProps, 'value' | 'onChange' | 'onBlur' | 'name' | 'error'>

export function TextInput<T extends FieldValues>({
  control,
  name,
  ...props
}: Bound<T> & TextProps & { mono?: boolean; suffix?: ReactNode }) {
  const { field, box, readOnly, error } = useBound({ control, name })
  return (
    <Holder box={box}>
      <Field
        isReadOnly={readOnly}
        {...props}
        name={name}
        value={field.value}
        onChange={field.onChange}
        onBlur={field.onBlur}
        error={error}
      />
    </Holder>
  )
}

export function PasswordInput<T extends FieldValues>({ control, name, ...props }: Bound<T> & TextProps) {
  const { field, box, error } = useBound({ control, name })
  return (
    <Holder box={box}>
      <PasswordField
        {...props}
        name={name}
        value={field.value}
        onChange={field.onChange}
        onBlur={field.onBlur}
        error={error}
      />
    </Holder>
  )
}

/** The field grows with its text, which makes browsers forget its rows: the least height stands here. */
const HEIGHTS = {
  2: '[&_textarea]:min-h-[calc(2lh+1.125rem)]',
  3: '[&_textarea]:min-h-[calc(3lh+1.125rem)]',
  5: '[&_textarea]:min-h-[calc(5lh+1.125rem)]',
  8: '[&_textarea]:min-h-[calc(8lh+1.125rem)]',
}
export const heightOf = (rows: keyof typeof HEIGHTS) => HEIGHTS[rows]

export function TextAreaInput<T extends FieldValues>({
  control,
  name,
  rows = 3,
  ...props
}: Bound<T> & Omit<TextProps, 'className'> & { rows?: keyof typeof HEIGHTS; mono?: boolean }) {
  const { field, box, readOnly, error } = useBound({ control, name })
  return (
    <Holder box={box}>
      <TextAreaField
        isReadOnly={readOnly}
        {...props}
        className={HEIGHTS[rows]}
        name={name}
        value={field.value}
        onChange={field.onChange}
        onBlur={field.onBlur}
        error={error}
      />
    </Holder>
  )
}

export function NumberInput<T extends FieldValues>({
  control,
  name,
  ...props
}: Bound<T> & {
  label: string
  hint?: string
  unit?: string
  className?: string
  step?: number
  formatOptions?: Intl.NumberFormatOptions
}) {
  const { field, box, readOnly, error } = useBound({ control, name })
  return (
    <Holder box={box}>
      <NumberField
        isReadOnly={readOnly}
        {...props}
        value={field.value}
        onChange={field.onChange}
        onBlur={field.onBlur}
        error={error}
      />
    </Holder>
  )
}

export function SelectInput<T extends FieldValues, K extends string>({
  control,
  name,
  ...props
}: Bound<T> & { label: string; options: readonly { id: K; name: string }[]; className?: string }) {
  const { field, box, readOnly, error } = useBound({ control, name })
  return (
    <Holder box={box}>
      <Select<K> {...props} isDisabled={readOnly} value={field.value} onChange={field.onChange} error={error} />
    </Holder>
  )
}

export function RadiosInput<T extends FieldValues, K extends string>({
  control,
  name,
  ...props
}: Bound<T> & { label: string; options: { id: K; name: ReactNode; hint?: ReactNode; isDisabled?: boolean }[] }) {
  const { field, box, error } = useBound({ control, name })
  return (
    <Holder box={box}>
      <Radios<K> {...props} value={field.value} onChange={field.onChange} error={error} />
    </Holder>
  )
}

export function SwitchInput<T extends FieldValues>({
  control,
  name,
  children,
  hint,
}: Bound<T> & { children: ReactNode; hint?: ReactNode }) {
  const { field, box, readOnly } = useBound({ control, name })
  return (
    <Holder box={box}>
      <Switch isSelected={field.value} onChange={field.onChange} isDisabled={readOnly} hint={hint}>
        {children}
      </Switch>
    </Holder>
  )
}
