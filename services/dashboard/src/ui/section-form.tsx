import { type FormEvent, type ReactNode, useId } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { ReadOnly } from './form-fields'
import { Button, Note } from './kit'
import { useUnsaved } from './unsaved'

/** A framed part of a page: a name, what it is for, and its content. */
export function Card({
  title,
  description,
  actions,
  children,
  footer,
}: {
  title: string
  description?: ReactNode
  actions?: ReactNode
  children: ReactNode
  footer?: ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="overflow-hidden rounded-card border border-line bg-surface">
      <div className="flex flex-wrap items-start justify-between gap-3 px-5 pt-4">
        <div className="flex min-w-0 flex-1 basis-60 flex-col gap-0.5">
          <h2 id={id} className="text-lg font-semibold tracking-tight">
            {title}
          </h2>
          {description && <div className="max-w-prose text-sm text-ink-2 text-pretty">{description}</div>}
        </div>
        {actions}
      </div>
      <div className="flex flex-col gap-4 px-5 py-4">{children}</div>
      {footer && (
        <div className="flex min-h-13 flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-2.5">
          {footer}
        </div>
      )}
    </section>
  )
}

/** A part of a page that is saved alone, and asks before its changes are lost. */
export function SectionForm({
  title,
  description,
  onSubmit,
  onDiscard,
  isDirty,
  isPending,
  savedAt,
  error,
  isReadOnly = false,
  submit,
  children,
}: {
  title: string
  description?: ReactNode
  onSubmit: () => void
  onDiscard: () => void
  isDirty: boolean
  isPending: boolean
  /** When it was saved last on this page. */
  savedAt?: Date | null
  error?: string | undefined
  isReadOnly?: boolean
  /** The verb on the button, where it is not "Guardar". */
  submit?: string
  children: ReactNode
}) {
  const t = useTranslations('forms')
  const ui = useTranslations('ui')
  const format = useFormatter()
  useUnsaved(isDirty)
  const state = isDirty
    ? t('dirty')
    : savedAt
      ? t('savedAt', { time: format.dateTime(savedAt, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }) })
      : ''
  const footer = (
    <>
      <p role="status" className="flex-1 text-xs text-ink-2">
        {state}
      </p>
      <Button isDisabled={!isDirty || isPending} onPress={onDiscard}>
        {t('discard')}
      </Button>
      <Button type="submit" variant="primary" isDisabled={!isDirty} isPending={isPending}>
        {submit ?? ui('save')}
      </Button>
    </>
  )
  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        if (isDirty && !isPending) onSubmit()
      }}
    >
      <ReadOnly value={isReadOnly}>
        <Card title={title} description={description} footer={!isReadOnly && footer}>
          {children}
          {error && (
            <Note tone="bad" role="alert">
              {error}
            </Note>
          )}
        </Card>
      </ReadOnly>
    </form>
  )
}
