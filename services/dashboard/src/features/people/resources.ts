/** What permissions are about, as far as this page has words for it. */
const RESOURCES = [
  'conversations',
  'contacts',
  'numbers',
  'assistant',
  'users',
  'account',
  'live',
  'session',
  'tokens',
  'sandbox',
  'labels',
  'invitations',
  'audit',
] as const
export type Resource = (typeof RESOURCES)[number]
export const isResource = (text: string): text is Resource => (RESOURCES as readonly string[]).includes(text)
