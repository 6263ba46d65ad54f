import { useEffect, useRef } from 'react'
import { useMay } from '@/app/session'
import { useConversationActions } from './actions'
import type { Conversation } from './queries'

/**
 * Who looks at a conversation has read it, also what arrives while they look. Marking it unread holds until it is
 * opened again. Returns what marks it unread.
 */
export function useReadMarks(conversation: Conversation | undefined): () => void {
  const { markRead, markUnread } = useConversationActions(conversation?.id ?? '')
  const canWrite = useMay()('conversations:write')
  const keptUnread = useRef(false)
  const asked = useRef(false)
  const unread = conversation?.unread ?? 0
  const read = useRef(() => {})
  read.current = () => {
    if (unread === 0) asked.current = false
    if (unread === 0 || !canWrite || keptUnread.current || asked.current || document.hidden) return
    asked.current = true
    markRead()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: `unread` is what it waits for.
  useEffect(() => read.current(), [unread])
  useEffect(() => {
    const onLook = () => read.current()
    document.addEventListener('visibilitychange', onLook)
    return () => document.removeEventListener('visibilitychange', onLook)
  }, [])
  return () => {
    keptUnread.current = true
    asked.current = false
    markUnread(unread)
  }
}
