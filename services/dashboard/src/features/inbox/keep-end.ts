import type { Virtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useRef } from 'react'
import type { Message } from './queries'
import { isLocal } from './thread-pages'

/** Within so many pixels of the end, the thread follows what arrives. */
export const AT_END_PX = 80

/**
 * Keeps the end in view where the virtualizer alone does not: when the composer grows, and when one's own text is put
 * in before what is scheduled.
 */
export function useKeepEnd(
  scroller: RefObject<HTMLElement | null>,
  virtual: Virtualizer<HTMLDivElement, Element>,
  last: Message | undefined,
) {
  const isAtEnd = useRef(true)
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const onScroll = () => {
      isAtEnd.current = virtual.isAtEnd(AT_END_PX)
    }
    const sizes = new ResizeObserver(() => {
      if (isAtEnd.current) virtual.scrollToEnd()
    })
    sizes.observe(element)
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', onScroll)
    }
  }, [scroller, virtual])
  const own = last && isLocal(last) ? last.id : undefined
  useEffect(() => {
    if (own) virtual.scrollToEnd()
  }, [own, virtual])
}
