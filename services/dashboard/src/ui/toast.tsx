import { X } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { Text } from 'react-aria-components/Text'
// Still UNSTABLE_ in react-aria-components 1.22: the prefix stays in this one file.
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast'
import { flushSync } from 'react-dom'
import { useTranslations } from 'use-intl'
import { cx } from './kit'

export interface ToastBody {
  tone: 'good' | 'info' | 'watch' | 'bad'
  title: string
  detail?: string
  /** A button in the notice: "Deshacer". */
  action?: { name: string; onPress: () => void }
}
const queue = new ToastQueue<ToastBody>({ maxVisibleToasts: 3, wrapUpdate: (update) => flushSync(update) })
const bars = { good: 'bg-agave', info: 'bg-cielo', watch: 'bg-cempa', bad: 'bg-grana' }
const READING_MS = 8_000

/** Shows a notice: it leaves by itself, except what failed, which stays until it is read. */
export function notify(body: ToastBody) {
  queue.add(body, body.tone === 'bad' ? {} : { timeout: READING_MS })
}

/** Where notices appear: top right, so that they never cover the button that was pressed. */
export function Toasts() {
  const t = useTranslations('ui')
  return (
    <ToastRegion
      queue={queue}
      aria-label={t('notifications')}
      className="fixed top-4 right-4 z-50 flex flex-col gap-2 outline-none max-md:left-4"
    >
      {({ toast }) => (
        <Toast
          toast={toast}
          className="toast-in flex w-88 items-stretch overflow-hidden rounded-card border border-line bg-surface shadow-pop max-md:w-auto"
        >
          <span aria-hidden="true" className={cx('w-1', bars[toast.content.tone])} />
          <ToastContent className="flex min-w-0 flex-1 flex-col px-3 py-2.5">
            <Text slot="title" className="text-sm font-semibold">
              {toast.content.title}
            </Text>
            {toast.content.detail && (
              <Text slot="description" className="text-sm text-ink-2">
                {toast.content.detail}
              </Text>
            )}
            {toast.content.action && (
              <Button
                onPress={() => {
                  toast.content.action?.onPress()
                  queue.close(toast.key)
                }}
                className="self-start pt-1 text-sm font-medium text-agave-ink underline"
              >
                {toast.content.action.name}
              </Button>
            )}
          </ToastContent>
          <Button
            slot="close"
            aria-label={t('dismiss')}
            className="grid w-9 place-items-center text-ink-3 hover:text-ink"
          >
            <X aria-hidden="true" className="size-4" />
          </Button>
        </Toast>
      )}
    </ToastRegion>
  )
}
