import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useAction } from '@/api/action'
import { api, data, once } from '@/api/client'
import { useSession } from '@/app/session'
import { segmentsOf } from '@/lib/sms'
import { type Conversation, keys, type Message } from './queries'
import { localId, type Thread, withMessage, withoutMessage } from './thread-pages'

interface Outgoing {
  body: string
  sendAt?: string
}

const edit = (client: QueryClient, id: string, change: (thread: Thread) => Thread) =>
  client.setQueryData<Thread>(keys.messages(id), (thread) => thread && change(thread))

/** Sends a text: it is in the thread as soon as one presses, and leaves it again when the server refuses it. */
export function useSend(
  conversation: Conversation,
  { onDone, onFail }: { onDone: (message: Message) => void; onFail: (error: Error, outgoing: Outgoing) => void },
) {
  const client = useQueryClient()
  const me = useSession().user
  const { id } = conversation
  return useAction<Outgoing, Message>(
    async ({ body, sendAt }, key) => {
      if (!sendAt) edit(client, id, (thread) => withMessage(thread, waiting(conversation, me, body, key)))
      try {
        const message = await data(
          api.POST('/api/conversations/{id}/messages', {
            params: { path: { id } },
            body: { body, ...(sendAt && { send_at: sendAt }) },
            headers: once(key),
          }),
        )
        edit(client, id, (thread) => withMessage(withoutMessage(thread, localId(key)), message))
        return message
      } catch (error) {
        edit(client, id, (thread) => withoutMessage(thread, localId(key)))
        throw error
      }
    },
    { onDone, onFail },
  )
}

/** Takes back a text that has not left. */
export function useUndo(conversation: string, onDone: (message: Message) => void, onFail: (error: Error) => void) {
  const client = useQueryClient()
  return useAction<string, Message>(
    (message_id) =>
      data(
        api.DELETE('/api/conversations/{id}/messages/{message_id}', {
          params: { path: { id: conversation, message_id } },
        }),
      ),
    {
      onDone: (message) => {
        edit(client, conversation, (thread) => withMessage(thread, message))
        onDone(message)
      },
      onFail,
    },
  )
}

function waiting(conversation: Conversation, me: { id: string; name: string }, body: string, key: string): Message {
  const { encoding, count } = segmentsOf(body)
  return {
    id: localId(key),
    conversation_id: conversation.id,
    direction: 'outbound',
    author: 'person',
    author_user: { id: me.id, name: me.name },
    purpose: 'conversation',
    body,
    num_media: 0,
    segments: count,
    encoding,
    status: 'queued',
    error_code: null,
    ended_why: null,
    number: conversation.from_twilio_number,
    created_at: new Date().toISOString(),
    send_after: null,
    sent_at: null,
    finished_at: null,
    in_reply_to: null,
  }
}
