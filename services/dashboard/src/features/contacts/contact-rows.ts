import { useQueries, useQueryClient } from '@tanstack/react-query'
import type { Virtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useState } from 'react'
import { type Contact, PAGE, pageQuery } from './contact-queries'

const SETTLE_MS = 90

/** The rows of a search by their place: pages are asked for as they come into view, and stay for a minute. */
export function useContactRows(q: string, virtual: Virtualizer<HTMLDivElement, Element>) {
  const client = useQueryClient()
  const items = virtual.getVirtualItems()
  const first = Math.floor((items[0]?.index ?? 0) / PAGE)
  const last = Math.floor((items.at(-1)?.index ?? 0) / PAGE)
  const [seen, setSeen] = useState<[first: number, last: number]>([0, 0])
  // While the thumb is dragged, only the pages that stay in view for a moment are asked for.
  useEffect(() => {
    const timer = setTimeout(() => setSeen([first, last]), virtual.isScrolling ? SETTLE_MS : 0)
    return () => clearTimeout(timer)
  }, [first, last, virtual.isScrolling])
  const pages = useMemo(() => Array.from({ length: seen[1] - seen[0] + 1 }, (_, i) => seen[0] + i), [seen])
  const results = useQueries({ queries: pages.map((page) => pageQuery(q, page)) })

  const rowAt = (index: number): Contact | undefined => {
    const page = Math.floor(index / PAGE)
    const shown = pages.indexOf(page)
    const answer = shown >= 0 ? results[shown]?.data : client.getQueryData(pageQuery(q, page).queryKey)
    return answer?.items[index - page * PAGE]
  }
  return { items, rowAt }
}
