import { cx } from './cx'

export type LabelColor = 'agave' | 'cielo' | 'cempa' | 'grana' | 'jacaranda' | 'ink'
const dots: Record<LabelColor, string> = {
  agave: 'bg-agave',
  cielo: 'bg-cielo',
  cempa: 'bg-cempa',
  grana: 'bg-grana',
  jacaranda: 'bg-jacaranda',
  ink: 'bg-ink-2',
}

/** The dot of a label's colour. */
export function LabelDot({ color }: { color: LabelColor }) {
  return <span aria-hidden="true" className={cx('size-2 shrink-0 rounded-full', dots[color])} />
}

/** A label: its name, with a dot of its colour. */
export function LabelChip({ name, color }: { name: string; color: LabelColor }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 rounded-full border border-line bg-surface px-2 py-0.5 text-xs text-ink">
      <LabelDot color={color} />
      <span className="truncate">{name}</span>
    </span>
  )
}
