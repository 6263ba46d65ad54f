import { useCallback, useState } from 'react'

const keyOf = (id: string) => `hilo:draft:${id}`

/** What is being written in a conversation; kept in this browser until it is sent. */
export function useDraft(id: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => localStorage.getItem(keyOf(id)) ?? '')
  const write = useCallback(
    (next: string) => {
      setText(next)
      if (next) localStorage.setItem(keyOf(id), next)
      else localStorage.removeItem(keyOf(id))
    },
    [id],
  )
  return [text, write]
}
