import { useTranslations } from 'use-intl'
import { segmentsOf, withoutAccents } from '@/lib/sms'

/** What a text costs, and which letter makes it dearer. */
export function SegmentHint({ text }: { text: string }) {
  const t = useTranslations('assistant')
  const segments = text === '' ? 0 : segmentsOf(text).count
  const plain = segmentsOf(withoutAccents(text)).count
  const culprit = [...text].find((letter) => segmentsOf(letter).encoding === 'ucs2')
  return (
    <>
      <span className="tnum">{t('segments', { n: segments })}</span>
      {culprit !== undefined && plain < segments && (
        <span className="block pt-1 text-cempa-ink">
          {t('accents', { letter: culprit, n: segments, plain: String(plain) })}
        </span>
      )}
    </>
  )
}
