import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { connectEvents, type LiveState, type ServerEvent } from '@/api/events'
import { applyConversationChange } from '@/features/inbox/live'
import { keys } from '@/features/inbox/queries'
import { useSession } from './session'

const heard = new EventTarget()
type Of<T extends ServerEvent['type']> = Extract<ServerEvent, { type: T }>

/** Tells a page of an event of the account while it is mounted. */
export function useServerEvent<T extends ServerEvent['type']>(type: T, on: (event: Of<T>) => void) {
  const latest = useRef(on)
  latest.current = on
  useEffect(() => {
    const listener = (event: Event) => latest.current((event as CustomEvent<Of<T>>).detail)
    heard.addEventListener(type, listener)
    return () => heard.removeEventListener(type, listener)
  }, [type])
}

/** Reads again whatever is on screen. The session is not of the stream, and the list takes a new order by itself. */
function readAgain(client: QueryClient) {
  client.removeQueries({ queryKey: keys.lists, type: 'inactive' })
  void client.invalidateQueries({
    predicate: ({ queryKey: [first, second] }) => first !== 'session' && second !== 'list',
  })
}

/** Keeps every cached answer as the server has it, and tells whether the stream is up; null until it is known. */
export function useLiveEvents(onRevoked: () => void): LiveState | null {
  const client = useQueryClient()
  const { account } = useSession()
  const [state, setState] = useState<LiveState | null>(null)
  const revoked = useRef(onRevoked)
  revoked.current = onRevoked

  useEffect(() => {
    const apply = (event: ServerEvent) => {
      if (event.type === 'conversation_changed') applyConversationChange(client, event)
      else if (event.type === 'numbers_changed') void client.invalidateQueries({ queryKey: ['numbers'] })
      else if (event.type === 'import_progressed') {
        client.setQueryData(['imports', event.import.id], event.import)
      } else if (event.type === 'resync') readAgain(client)
      else if (event.type === 'session_revoked') revoked.current()
      heard.dispatchEvent(new CustomEvent(event.type, { detail: event }))
    }
    return connectEvents(account.id, apply, setState)
  }, [client, account.id])
  return state
}
