import { dayOf } from '@/lib/time'
import type { Filters } from './filters'
import type { Conversation } from './queries'

/** Whether a conversation belongs in a filtered list, as the server would decide. */
export function matches(conversation: Conversation, filters: Filters, me: string, timeZone: string): boolean {
  const owner = conversation.user?.id
  const day = dayOf(new Date(conversation.last_message_at), timeZone)
  const q = filters.q?.toLowerCase()
  const digits = q?.replace(/\D/g, '')
  return (
    (!filters.status || conversation.conversation_status === filters.status) &&
    (!filters.owner || (filters.owner === 'none' ? !owner : owner === (filters.owner === 'me' ? me : filters.owner))) &&
    (!filters.number || conversation.number_id === filters.number) &&
    (!filters.label || conversation.labels.some(({ id }) => id === filters.label)) &&
    (!filters.from || day >= filters.from) &&
    (!filters.to || day <= filters.to) &&
    (!filters.unread || conversation.unread > 0) &&
    (!filters.handed || conversation.assistant === 'handed_over') &&
    (!q ||
      conversation.contact.name.toLowerCase().includes(q) ||
      (!!digits && conversation.contact.phone_number.includes(digits)))
  )
}
