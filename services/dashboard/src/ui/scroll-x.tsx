import { type ReactNode, useEffect, useRef, useState } from 'react'
import { cx } from './kit'

/**
 * A frame around what may be wider than the page. While it scrolls it takes the focus, so that the arrow keys can
 * scroll it. It is positioned, so that hidden words inside of it do not widen the document.
 */
export function ScrollX({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null)
  const [scrolls, setScrolls] = useState(false)
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const observer = new ResizeObserver(() => setScrolls(element.scrollWidth > element.clientWidth))
    observer.observe(element)
    if (element.firstElementChild) observer.observe(element.firstElementChild)
    return () => observer.disconnect()
  }, [])
  return (
    <div
      ref={frame}
      {...(scrolls && { role: 'group', 'aria-label': label, tabIndex: 0 })}
      className={cx('relative overflow-x-auto rounded-card border border-line bg-surface', className)}
    >
      {children}
    </div>
  )
}
