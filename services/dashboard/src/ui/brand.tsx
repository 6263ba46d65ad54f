import { cx } from './cx'

/** The product's mark and name. */
export function Brand({ nameClassName }: { nameClassName?: string }) {
  const name = 'Hilo'
  return (
    <span className="flex items-center gap-2 font-semibold tracking-tight">
      <img src="/favicon.svg" alt="" width="24" height="24" className="size-6" />
      <span className={cx(nameClassName)}>{name}</span>
    </span>
  )
}
