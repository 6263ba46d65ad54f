import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useAction } from '@/api/action'
import { api, data, once, type Schemas } from '@/api/client'
import { useProblem } from '@/api/problem'
import { useSession } from '@/app/session'
import { notify } from '@/ui/toast'
import type { Status } from './filters'
import { editConversation, patchConversation } from './live'
import { type Conversation, keys } from './queries'

/** One change of a conversation: what it will look like, and the request that makes it so. */
interface Change {
  expect: Partial<Conversation>
  send: (key: string) => Promise<Conversation>
}

/**
 * The changes that show at once and are taken back, with a notice, when the server refuses them. Those that need words
 * (reassigning, consent) have dialogs of their own.
 */
export function useConversationActions(id: string) {
  const client = useQueryClient()
  const t = useTranslations('inbox')
  const { words } = useProblem()
  const me = useSession().user
  const params = { path: { id } }

  const change = useAction<Change, Conversation>(
    async ({ expect, send }, key) => {
      const old = editConversation(client, id, expect)
      try {
        return await send(key)
      } catch (error) {
        if (old) patchConversation(client, old)
        throw error
      }
    },
    {
      onDone: (conversation) => patchConversation(client, conversation),
      onFail: (error) => notify({ tone: 'bad', title: t('did.failed'), detail: words(error) }),
    },
  )
  const recount = () => void client.invalidateQueries({ queryKey: keys.counts })

  return {
    setStatus: (conversation_status: Status) =>
      change.run({
        expect: { conversation_status },
        send: () => data(api.PATCH('/api/conversations/{id}/status', { params, body: { conversation_status } })),
      }),
    setOwner: (user: Schemas['Person'] | null) =>
      change.run({
        expect: { user },
        send: () => data(api.PATCH('/api/conversations/{id}/owner', { params, body: { user_id: user?.id ?? null } })),
      }),
    setLabels: (labels: Schemas['Label'][]) =>
      change.run({
        expect: { labels },
        send: () =>
          data(
            api.PUT('/api/conversations/{id}/labels', { params, body: { label_ids: labels.map((label) => label.id) } }),
          ),
      }),
    takeOver: () =>
      change.run({
        expect: { assistant: 'handed_over', handed_over_why: 'person', handed_over_at: new Date().toISOString() },
        send: (key) => data(api.POST('/api/conversations/{id}/take-over', { params, headers: once(key) })),
      }),
    handBack: () =>
      change.run({
        expect: { assistant: 'on', handed_over_why: null, handed_over_at: null },
        send: (key) => data(api.POST('/api/conversations/{id}/hand-back', { params, headers: once(key) })),
      }),
    markRead: () =>
      change.run({
        expect: { unread: 0 },
        send: async () => {
          const conversation = await data(api.PUT('/api/conversations/{id}/read', { params }))
          recount()
          return conversation
        },
      }),
    markUnread: (unread: number) =>
      change.run({
        expect: { unread: Math.max(1, unread) },
        send: async () => {
          const conversation = await data(api.DELETE('/api/conversations/{id}/read', { params }))
          recount()
          return conversation
        },
      }),
    me: { id: me.id, name: me.name },
  }
}
