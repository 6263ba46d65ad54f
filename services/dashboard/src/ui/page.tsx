import { type ReactNode, useEffect, useRef } from 'react'
import { cx } from './kit'

/** The document that the browser opened first shows its own focus; every later page gives it to its title. */
let isFirst = true

/** Sets the document's title: "Contactos · Hilo". */
export function useDocumentTitle(title: string) {
  useEffect(() => {
    document.title = title ? `${title} · Hilo` : 'Hilo'
  }, [title])
}

/** The page's h1. It takes the focus after a navigation, so that a screen reader reads where one is. */
export function PageTitle({ children, className }: { children: string; className?: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useDocumentTitle(children)
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true })
    isFirst = false
  }, [])
  return (
    <h1
      ref={heading}
      tabIndex={-1}
      className={cx('font-semibold tracking-tight text-balance outline-none!', className ?? 'text-xl')}
    >
      {children}
    </h1>
  )
}

/** A page of one column: title, what it is for, its main button, and what scrolls. */
export function Page({
  title,
  description,
  actions,
  children,
  width = 'wide',
}: {
  title: string
  description?: ReactNode
  actions?: ReactNode
  children: ReactNode
  width?: 'wide' | 'narrow'
}) {
  return (
    <div className="h-full overflow-y-auto">
      <div
        className={cx(
          'mx-auto flex min-h-full flex-col gap-5 px-8 py-6 max-md:px-4 max-md:py-4',
          width === 'wide' ? 'max-w-6xl' : 'max-w-3xl',
        )}
      >
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
            <PageTitle>{title}</PageTitle>
            {description && <div className="max-w-prose text-sm text-ink-2 text-pretty">{description}</div>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
        {children}
      </div>
    </div>
  )
}

/** A part of a page with a name. */
export function Section({
  title,
  description,
  actions,
  children,
}: {
  title: string
  description?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="flex flex-col gap-0.5">
          <h2 className="text-lg font-semibold tracking-tight">{title}</h2>
          {description && <div className="max-w-prose text-sm text-ink-2 text-pretty">{description}</div>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  )
}
