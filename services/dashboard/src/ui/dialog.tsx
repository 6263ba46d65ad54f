import { X } from 'lucide-react'
import type { FormEvent, ReactNode } from 'react'
import { Dialog as AriaDialog } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import { useTranslations } from 'use-intl'
import { Button, type ButtonLook, cx, Note } from './kit'

const widths = { sm: 'max-w-sm', md: 'max-w-lg', lg: 'max-w-2xl' }

/** A window over the page: keeps the focus, closes on Esc. Mount it only while it is open. */
export function Dialog({
  title,
  onClose,
  children,
  width = 'md',
  role = 'dialog',
}: {
  title: string
  onClose: () => void
  children: ReactNode
  width?: keyof typeof widths
  role?: 'dialog' | 'alertdialog'
}) {
  const t = useTranslations('ui')
  return (
    <ModalOverlay
      isOpen
      isDismissable={role === 'dialog'}
      onOpenChange={(open) => !open && onClose()}
      className="fixed inset-0 z-40 flex items-start justify-center overflow-y-auto bg-[oklch(0.2_0.02_165/0.45)] p-4 pt-[10vh] max-md:p-0 max-md:items-end"
    >
      <Modal
        className={cx(
          'w-full rounded-card border border-line bg-surface shadow-pop outline-none max-md:rounded-b-none',
          widths[width],
        )}
      >
        <AriaDialog role={role} className="flex max-h-[85vh] flex-col outline-none">
          <div className="flex items-start gap-3 px-5 pt-4 pb-1">
            <Heading slot="title" className="flex-1 text-lg font-semibold tracking-tight text-balance">
              {title}
            </Heading>
            <Button variant="plain" size="icon-sm" aria-label={t('close')} onPress={onClose} className="-mr-2">
              <X aria-hidden="true" className="size-4" />
            </Button>
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** The scrolling part of a dialog. */
export function DialogBody({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={cx('flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-3', className)}>{children}</div>
}

/** The buttons under a dialog. */
export function DialogFooter({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap justify-end gap-2 px-5 pt-2 pb-4">{children}</div>
}

/** A dialog that asks for something and then does it. */
export function FormDialog({
  title,
  submit,
  onSubmit,
  onClose,
  isPending,
  isDisabled,
  error,
  children,
  variant = 'primary',
  width,
}: {
  title: string
  /** The verb on the button. */
  submit: string
  onSubmit: () => void
  onClose: () => void
  isPending?: boolean
  isDisabled?: boolean
  /** What the server refused, in words. */
  error?: string | undefined
  children: ReactNode
  variant?: NonNullable<ButtonLook['variant']>
  width?: keyof typeof widths
}) {
  const t = useTranslations('ui')
  return (
    <Dialog title={title} onClose={onClose} width={width ?? 'md'}>
      <form
        noValidate
        className="flex min-h-0 flex-col"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          // A dialog's form is inside the page's React tree: its submit would reach a form around it.
          event.stopPropagation()
          if (!isPending && !isDisabled) onSubmit()
        }}
      >
        <DialogBody>
          {children}
          {error && (
            <Note tone="bad" role="alert">
              {error}
            </Note>
          )}
        </DialogBody>
        <DialogFooter>
          <Button onPress={onClose}>{t('cancel')}</Button>
          <Button type="submit" variant={variant} isPending={isPending ?? false} isDisabled={isDisabled ?? false}>
            {submit}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  )
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({
  title,
  children,
  confirm,
  onConfirm,
  onClose,
  isPending,
  error,
}: {
  title: string
  children?: ReactNode
  confirm: string
  onConfirm: () => void
  onClose: () => void
  isPending?: boolean
  error?: string | undefined
}) {
  return (
    <FormDialog
      title={title}
      submit={confirm}
      onSubmit={onConfirm}
      onClose={onClose}
      isPending={isPending ?? false}
      error={error}
      variant="danger"
      width="sm"
    >
      <div className="text-base text-ink-2 text-pretty">{children}</div>
    </FormDialog>
  )
}
