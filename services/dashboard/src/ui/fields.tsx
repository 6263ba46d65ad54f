import { Eye, EyeOff, Search, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { SearchField } from 'react-aria-components/SearchField'
import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField,
  type TextFieldProps,
} from 'react-aria-components/TextField'
import { useTranslations } from 'use-intl'
import { Button, cx } from './kit'

export const inputClass =
  'h-9 w-full rounded-control border border-line-strong/70 bg-surface px-2.5 text-base text-ink placeholder:text-ink-3 focus:outline-2 focus:outline-agave focus:-outline-offset-1 invalid:border-grana disabled:opacity-60'

export type FieldProps = Omit<TextFieldProps, 'className' | 'children'> & {
  label: string
  /** Words under the field; shown as long as there is no error. */
  hint?: ReactNode
  error?: string | undefined
  placeholder?: string
  className?: string
}

export function FieldLabel({ children }: { children: ReactNode }) {
  return <Label className="text-sm font-medium text-ink">{children}</Label>
}

function Under({ hint, error }: { hint?: ReactNode; error?: string | undefined }) {
  return (
    <>
      {hint && !error && (
        <Text slot="description" className="text-xs text-ink-2 text-pretty">
          {hint}
        </Text>
      )}
      <FieldError className="text-xs text-grana">{error}</FieldError>
    </>
  )
}

/** A line of text. */
export function Field({
  label,
  hint,
  error,
  suffix,
  placeholder,
  className,
  mono,
  ...props
}: FieldProps & { suffix?: ReactNode; mono?: boolean }) {
  return (
    <TextField {...props} isInvalid={!!error} className={cx('flex flex-col gap-1', className)}>
      <FieldLabel>{label}</FieldLabel>
      <div className="relative">
        <Input placeholder={placeholder} className={cx(inputClass, !!suffix && 'pr-10', mono && 'font-mono text-sm')} />
        {suffix && <div className="absolute inset-y-0 right-0.5 flex items-center">{suffix}</div>}
      </div>
      <Under hint={hint} error={error} />
    </TextField>
  )
}

/** A password, with a button that shows it. */
export function PasswordField(props: FieldProps) {
  const t = useTranslations('ui')
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <Field
      {...props}
      type={shown ? 'text' : 'password'}
      suffix={
        <Button
          variant="plain"
          size="icon"
          aria-label={t(shown ? 'hidePassword' : 'showPassword')}
          onPress={() => setShown(!shown)}
        >
          <Icon aria-hidden="true" className="size-4" />
        </Button>
      }
    />
  )
}

/** Lines of text; grows with them up to a third of the window. */
export function TextAreaField({
  label,
  hint,
  error,
  placeholder,
  className,
  rows = 3,
  mono,
  ...props
}: FieldProps & { rows?: number; mono?: boolean }) {
  return (
    <TextField {...props} isInvalid={!!error} className={cx('flex flex-col gap-1', className)}>
      <FieldLabel>{label}</FieldLabel>
      <TextArea
        rows={rows}
        placeholder={placeholder}
        className={cx(
          inputClass,
          'h-auto! max-h-[33vh] field-sizing-content resize-y py-2',
          mono && 'font-mono text-sm',
        )}
      />
      <Under hint={hint} error={error} />
    </TextField>
  )
}

/** Search by words: tells each change; `Esc` clears it. */
export function SearchBox({
  label,
  value,
  onChange,
  className,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  className?: string
}) {
  const t = useTranslations('ui')
  return (
    <SearchField aria-label={label} value={value} onChange={onChange} className={cx('group relative', className)}>
      <Search aria-hidden="true" className="absolute top-2 left-2 size-4 text-ink-3" />
      <Input
        data-search
        onKeyDown={(event) => {
          // The first Esc clears the field, the next one leaves it.
          if (event.key === 'Escape' && value === '') event.currentTarget.blur()
        }}
        className={cx(inputClass, 'h-8! pl-8! pr-7! text-sm! [&::-webkit-search-cancel-button]:hidden')}
        placeholder={label}
      />
      <AriaButton
        aria-label={t('clearSearch')}
        className="absolute inset-y-0 right-0 grid w-7 place-items-center text-ink-3 group-empty:hidden hover:text-ink"
      >
        <X aria-hidden="true" className="size-3.5" />
      </AriaButton>
    </SearchField>
  )
}
