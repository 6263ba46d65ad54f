import { Bot, Contact, MessagesSquare, Phone, Settings, Smartphone, UsersRound } from 'lucide-react'

/** The sections of the house, in the order of the rail; `go` is the letter after `g`. */
export const SECTIONS = [
  { id: 'inbox', to: '/inbox', Icon: MessagesSquare, go: 'i' },
  { id: 'contacts', to: '/contacts', Icon: Contact, go: 'c' },
  { id: 'numbers', to: '/numbers', Icon: Phone, go: 'n' },
  { id: 'assistant', to: '/assistant', Icon: Bot, go: 'a' },
  { id: 'people', to: '/people', Icon: UsersRound, go: 'p' },
  { id: 'settings', to: '/settings', Icon: Settings, go: 's' },
  { id: 'phone', to: '/phone', Icon: Smartphone, go: 't' },
] as const
export type Section = (typeof SECTIONS)[number]

/** The sections that there are: the test phone is of the sandbox only. */
export const sectionsOf = (session: { sandbox: boolean }): Section[] =>
  SECTIONS.filter((section) => section.id !== 'phone' || session.sandbox)
