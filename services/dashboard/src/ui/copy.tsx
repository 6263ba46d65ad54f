import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './kit'

const SHOWN_MS = 2_000

/** Puts a value on the clipboard and says so. */
export function CopyButton({ value, label }: { value: string; label?: string }) {
  const t = useTranslations('ui')
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  const Icon = copied ? Check : Copy
  return (
    <Button size="sm" onPress={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}>
      <Icon aria-hidden="true" className="size-3.5" />
      <span aria-live="polite">{copied ? t('copied') : (label ?? t('copy'))}</span>
    </Button>
  )
}
