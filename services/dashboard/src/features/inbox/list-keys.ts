import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react'
import { useKeys } from '@/app/keys'
import type { ListState } from './list-state'
import { PAGE } from './queries'

/** Heard by the list: open the conversation after the current one. */
export const OPEN_NEXT = 'hilo:open-next'

/** `j` and `k`, and the arrows while the list has the focus, open the next and the previous conversation. */
export function useListKeys({
  list,
  scroller,
  scrollTo,
}: {
  list: ListState
  scroller: RefObject<HTMLElement | null>
  scrollTo: (index: number) => void
}) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { id: current } = useParams({ strict: false })
  const cursor = useRef(-1)

  const step = async (by: number) => {
    if (list.total === 0) return
    const at = current ? list.indexOf(current) : -1
    if (at >= 0) cursor.current = at
    const to = Math.min(list.total - 1, Math.max(0, cursor.current + by))
    cursor.current = to
    scrollTo(to)
    const focused = scroller.current?.contains(document.activeElement) ?? false
    const page = list.windowAt(Math.floor(to / PAGE))
    const conversation = list.cachedRow(to) ?? (await client.fetchQuery(page)).items[to % PAGE]
    // Another key was pressed meanwhile.
    if (!conversation || cursor.current !== to) return
    const params = { id: conversation.id }
    await navigate({ to: '/inbox/$id', params, search: (search) => search, replace: current !== undefined })
    if (focused) scroller.current?.querySelector<HTMLElement>('[aria-current]')?.focus({ preventScroll: true })
  }
  useKeys({ j: () => void step(1), k: () => void step(-1) })
  const next = useRef(step)
  next.current = step
  useEffect(() => {
    const onOpen = () => void next.current(1)
    window.addEventListener(OPEN_NEXT, onOpen)
    return () => window.removeEventListener(OPEN_NEXT, onOpen)
  }, [])

  return (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    void step(by)
  }
}
