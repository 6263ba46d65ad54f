import { type RefObject, useEffect, useRef } from 'react'

const STILL_MS = 1_500

/**
 * Takes the new order by itself when nobody would notice a row jump away: the list is at its top, and neither pointer
 * nor keyboard has touched it for a moment.
 */
export function useStillAtTop(scroller: RefObject<HTMLElement | null>, isDue: boolean, act: () => void) {
  const touched = useRef(0)
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const touch = () => {
      touched.current = performance.now()
    }
    const events = ['pointermove', 'pointerdown', 'wheel', 'keydown'] as const
    for (const name of events) element.addEventListener(name, touch, { passive: true })
    return () => {
      for (const name of events) element.removeEventListener(name, touch)
    }
  }, [scroller])
  useEffect(() => {
    if (!isDue) return
    const began = performance.now()
    const timer = setInterval(() => {
      const now = performance.now()
      if (now - began >= STILL_MS && now - touched.current >= STILL_MS) latest.current()
    }, STILL_MS / 5)
    return () => clearInterval(timer)
  }, [isDue])
}
