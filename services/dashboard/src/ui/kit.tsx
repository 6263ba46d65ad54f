import { createLink } from '@tanstack/react-router'
import type { ComponentProps, ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'
import { cx } from './cx'

export { cx }

const base =
  'inline-flex items-center justify-center gap-1.5 rounded-control font-medium select-none whitespace-nowrap transition-colors duration-100 cursor-default disabled:opacity-50 pending:opacity-60'
const variants = {
  primary: 'bg-agave text-on-fill hover:bg-agave-ink pressed:bg-agave-ink',
  plain: 'text-ink-2 hover:bg-sunken hover:text-ink pressed:bg-line',
  outline: 'border border-line-strong/60 bg-surface text-ink hover:bg-sunken pressed:bg-line',
  danger: 'bg-grana text-on-fill hover:opacity-90',
}
const sizes = {
  sm: 'h-7 px-2 text-xs',
  md: 'h-8 px-3 text-sm',
  lg: 'h-10 px-4 text-base',
  icon: 'size-8 shrink-0',
  'icon-sm': 'size-7 shrink-0',
}
export type ButtonLook = { variant?: keyof typeof variants; size?: keyof typeof sizes; className?: string | undefined }
const look = ({ variant = 'outline', size = 'md', className }: ButtonLook) =>
  cx(base, variants[variant], sizes[size], className)

export type ButtonProps = Omit<AriaButtonProps, 'className'> & ButtonLook
/** A button; an icon alone needs `aria-label`. */
export function Button({ variant, size, className, ...props }: ButtonProps) {
  return <AriaButton {...props} className={look({ variant, size, className })} />
}

function Anchor({ variant, size, className, ...props }: Omit<ComponentProps<'a'>, 'className'> & ButtonLook) {
  return <a {...props} className={look({ variant, size, className })} />
}
/** A link to a route that looks like a button. */
export const LinkButton = createLink(Anchor)
/** The same for an address outside of the router: a download. */
export const DownloadButton = Anchor

const tones = {
  neutral: 'bg-sunken text-ink-2',
  good: 'bg-agave-soft text-agave-ink',
  watch: 'bg-cempa-soft text-cempa-ink',
  bad: 'bg-grana-soft text-grana',
  info: 'bg-cielo-soft text-cielo',
  assistant: 'bg-jacaranda-soft text-jacaranda',
}
export type Tone = keyof typeof tones
const shapes: Partial<Record<Tone, string>> = { good: '●', watch: '▲', bad: '■' }

/** A state in a word or two: colour and, where it judges, a shape. */
export function Badge({ tone = 'neutral', shape, children }: { tone?: Tone; shape?: boolean; children: ReactNode }) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap',
        tones[tone],
      )}
    >
      {shape && shapes[tone] && (
        <span aria-hidden="true" className="text-[0.5rem] leading-none">
          {shapes[tone]}
        </span>
      )}
      {children}
    </span>
  )
}

/** A remark in the flow of a page or form: what is so, what it costs, what failed. */
export function Note({
  tone = 'info',
  children,
  role,
  className,
}: {
  tone?: 'info' | 'watch' | 'bad' | 'good' | 'assistant'
  children: ReactNode
  role?: 'alert' | 'status'
  className?: string
}) {
  return (
    <div role={role} className={cx('rounded-control px-3 py-2 text-sm text-pretty', tones[tone], className)}>
      {children}
    </div>
  )
}

/** The page's name, ids and keys: monospace, with figures of one width. */
export function Mono({ children, className }: { children: ReactNode; className?: string }) {
  return <span className={cx('font-mono tnum', className)}>{children}</span>
}

/** A key of the keyboard. */
export function Key({ children }: { children: ReactNode }) {
  return <kbd className="kbd">{children}</kbd>
}
