import { Meter as AriaMeter } from 'react-aria-components/Meter'
import { cx } from './kit'

/** How much of a limit is used; from 90 % on in the colour of attention, and full in that of failure. */
export function Meter({
  label,
  words,
  value,
  limit,
  className,
}: {
  /** What is measured; read out, not shown. */
  label: string
  /** The measure in words, shown beside the bar. */
  words: string
  value: number
  limit: number
  className?: string
}) {
  const share = limit > 0 ? Math.min(1, value / limit) : 1
  const fill = share >= 1 ? 'bg-grana' : share >= 0.9 ? 'bg-cempa' : 'bg-agave'
  return (
    <AriaMeter
      aria-label={label}
      value={share * 100}
      valueLabel={words}
      className={cx('flex flex-col gap-1', className)}
    >
      <span className="text-sm tnum">{words}</span>
      <span className="block h-1 overflow-hidden rounded-full bg-line">
        <span className={cx('block h-full rounded-full', fill)} style={{ width: `${share * 100}%` }} />
      </span>
    </AriaMeter>
  )
}
