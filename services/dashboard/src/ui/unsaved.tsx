import { useBlocker } from '@tanstack/react-router'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useId, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog, DialogBody, DialogFooter } from './dialog'
import { Button } from './kit'

function LeaveDialog({ onLeave, onStay }: { onLeave: () => void; onStay: () => void }) {
  const t = useTranslations('forms')
  return (
    <Dialog title={t('leaveTitle')} onClose={onStay} width="sm" role="alertdialog">
      <DialogBody>
        <p className="text-base text-ink-2">{t('leaveBody')}</p>
      </DialogBody>
      <DialogFooter>
        <Button variant="danger" onPress={onLeave}>
          {t('leave')}
        </Button>
        <Button variant="primary" onPress={onStay} autoFocus>
          {t('stay')}
        </Button>
      </DialogFooter>
    </Dialog>
  )
}

const Report = createContext<(form: string, isDirty: boolean) => void>(() => {})

/** Asks once before the page is left while any form inside of it holds changes. */
export function UnsavedGuard({ children }: { children: ReactNode }) {
  const dirty = useRef(new Set<string>())
  const report = useCallback((form: string, isDirty: boolean) => {
    if (isDirty) dirty.current.add(form)
    else dirty.current.delete(form)
  }, [])
  const blocker = useBlocker({
    shouldBlockFn: () => dirty.current.size > 0,
    enableBeforeUnload: () => dirty.current.size > 0,
    withResolver: true,
  })
  return (
    <Report value={report}>
      {children}
      {blocker.status === 'blocked' && <LeaveDialog onLeave={blocker.proceed} onStay={blocker.reset} />}
    </Report>
  )
}

/** Tells the guard around whether a form holds changes. */
export function useUnsaved(isDirty: boolean) {
  const form = useId()
  const report = useContext(Report)
  useEffect(() => {
    report(form, isDirty)
    return () => report(form, false)
  }, [report, form, isDirty])
}

/** A dialog's way out: asks first when its form holds changes. Render `question` beside the dialog. */
export function useGuardedClose(isDirty: boolean, onClose: () => void) {
  const [asking, setAsking] = useState(false)
  const close = () => (isDirty ? setAsking(true) : onClose())
  const question = asking && <LeaveDialog onLeave={onClose} onStay={() => setAsking(false)} />
  return { close, question }
}
