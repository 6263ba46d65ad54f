import { last4 } from '@/lib/phone'
import type { Desk } from './desk'
import { type ApiUser, Customer, hilo, numbers, someoneWrote } from './hilo'

/** What the pages have to show. */
export interface Scene {
  conversation: { id: string }
  /** Of somebody who wants no texts. */
  quiet: { id: string }
  /** Where an invitation is accepted. */
  invitation: string
  /** The last four digits of one of our numbers. */
  number: string
}

/** Sees to it that no page is empty. */
export async function furnish(owner: ApiUser): Promise<Scene> {
  const { conversation } = await someoneWrote(owner, 'Buenas tardes, ¿tienen la sala Coyoacán en azul?')
  const path = `/api/conversations/${conversation.id}`
  await owner.post('/api/labels', { name: `Salas ${Date.now() % 100_000}`, color: 'cempa' })
  await owner.post(`${path}/notes`, { body: 'Pidió factura.' })
  await owner.post(`${path}/messages`, { body: 'Con gusto. Llega el jueves.' })
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  await owner.post(`${path}/messages`, { body: 'Le recuerdo la entrega.', send_at: tomorrow })
  const { conversation: quiet } = await someoneWrote(owner, 'Hola')
  await owner.post(`/api/conversations/${quiet.id}/opt-out`, { evidence: 'Lo pidió por teléfono' })
  const { phone } = new Customer()
  await owner.post('/api/conversations/start', { phone_number: phone, name: 'José Luis García Peña' })
  const guest = { email: `visita-${Date.now()}@example.com`, role: 'agent' }
  const { url } = await owner.post<{ url: string }>('/api/invitations', guest)
  const number = last4((await numbers(owner))[0]?.phone_number ?? '')
  return { conversation, quiet, invitation: new URL(url, hilo.url).pathname, number }
}

/** Something that people look at. */
export interface View {
  name: string
  path: (scene: Scene) => string
  /** Until the page has what it is looked at for. */
  shows: (desk: Desk, scene: Scene) => Promise<unknown>
}
const heading = (desk: Desk) => desk.page.getByRole('heading', { level: 1 }).waitFor()
const table = async (desk: Desk) => {
  await heading(desk)
  await desk.page.getByRole('row').nth(1).waitFor()
  await desk.page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
}
const opens = (button: (desk: Desk) => string) => async (desk: Desk) => {
  await heading(desk)
  await desk.button(button(desk)).first().click()
  await desk.dialog().first().waitFor()
}
const thread = (desk: Desk) => desk.page.getByRole('log').locator('article').first().waitFor()

/** Pages of somebody who is not in. */
export const SIGNED_OUT: View[] = [
  { name: 'login', path: () => '/login', shows: heading },
  {
    name: 'login-errors',
    path: () => '/login',
    shows: async (desk) => {
      await heading(desk)
      await desk.button(desk.t('auth.submit')).click()
      await desk.page.getByText(desk.t('auth.emailInvalid')).waitFor()
    },
  },
  { name: 'invite', path: ({ invitation }) => invitation, shows: heading },
  { name: 'invite-gone', path: () => '/invite/nothing-here', shows: heading },
]
/** Every page, and the states of it that look different. */
export const PAGES: View[] = [
  {
    name: 'inbox',
    path: () => '/inbox',
    shows: (desk) =>
      desk.page
        .getByRole('link')
        .filter({ has: desk.page.locator('time') })
        .first()
        .waitFor(),
  },
  { name: 'thread', path: ({ conversation }) => `/inbox/${conversation.id}`, shows: thread },
  {
    name: 'thread-opted-out',
    path: ({ quiet }) => `/inbox/${quiet.id}`,
    shows: (desk) => desk.page.getByText(desk.t('inbox.composer.optedOut')).waitFor(),
  },
  {
    name: 'inbox-filtered-empty',
    path: () => '/inbox?q=zzzzzz',
    shows: (desk) => desk.page.getByText(desk.t('inbox.list.filtered'), { exact: true }).waitFor(),
  },
  { name: 'contacts', path: () => '/contacts', shows: (desk) => desk.page.getByRole('row').nth(1).waitFor() },
  { name: 'contacts-import', path: () => '/contacts/import', shows: heading },
  { name: 'numbers', path: () => '/numbers', shows: table },
  {
    name: 'assistant',
    path: () => '/assistant',
    shows: (desk) => desk.page.getByLabel(desk.t('assistant.voice.name')).waitFor(),
  },
  { name: 'assistant-rules', path: () => '/assistant?tab=rules', shows: table },
  { name: 'people', path: () => '/people', shows: table },
  { name: 'people-invitations', path: () => '/people?tab=invitations', shows: table },
  { name: 'people-roles', path: () => '/people?tab=roles', shows: table },
  { name: 'people-audit', path: () => '/people?tab=audit', shows: table },
  {
    name: 'settings',
    path: () => '/settings',
    shows: (desk) => desk.page.getByLabel(desk.t('settings.account.name')).waitFor(),
  },
  {
    name: 'settings-labels',
    path: () => '/settings?tab=labels',
    shows: (desk) => desk.page.getByRole('list', { name: desk.t('settings.labels.title') }).waitFor(),
  },
  {
    name: 'settings-security',
    path: () => '/settings?tab=security',
    shows: (desk) => desk.page.getByText(desk.t('settings.sessions.current')).waitFor(),
  },
  { name: 'settings-tokens', path: () => '/settings?tab=tokens', shows: heading },
  { name: 'settings-appearance', path: () => '/settings?tab=appearance', shows: heading },
  { name: 'settings-about', path: () => '/settings?tab=about', shows: heading },
  {
    name: 'phone',
    path: () => '/phone',
    shows: (desk) => desk.page.getByRole('textbox', { name: desk.t('phone.message') }).waitFor(),
  },
  {
    name: 'missing',
    path: () => '/nothing-here',
    shows: (desk) => desk.page.getByText(desk.t('app.missing')).waitFor(),
  },
]
/** What opens over a page. */
export const DIALOGS: View[] = [
  {
    name: 'palette',
    path: () => '/inbox',
    shows: async (desk) => {
      await heading(desk)
      await desk.page.keyboard.press('Control+k')
      await desk.dialog().waitFor()
    },
  },
  {
    name: 'keys',
    path: () => '/inbox',
    shows: async (desk) => {
      await heading(desk)
      await desk.isLive()
      await desk.page.keyboard.press('?')
      await desk.dialog().waitFor()
    },
  },
  {
    name: 'user-menu',
    path: () => '/inbox',
    shows: async (desk) => {
      await heading(desk)
      await desk.page.getByRole('button', { name: new RegExp(`^${desk.t('app.user', { name: '' }).trim()}`) }).click()
      await desk.page.getByRole('menu').waitFor()
    },
  },
  { name: 'filters', path: () => '/inbox', shows: opens((desk) => desk.t('inbox.filters.open')) },
  { name: 'compose', path: () => '/inbox', shows: opens((desk) => desk.t('inbox.compose')) },
  {
    name: 'reassign',
    path: ({ conversation }) => `/inbox/${conversation.id}`,
    shows: async (desk) => {
      await desk.button(desk.t('inbox.number.reassign')).click()
      await desk.dialog().getByRole('radio').first().waitFor({ state: 'attached' })
    },
  },
  {
    name: 'consent',
    path: ({ conversation }) => `/inbox/${conversation.id}`,
    shows: async (desk) => {
      await desk.button(desk.t('inbox.more.optOut')).click()
      await desk.dialog().waitFor()
    },
  },
  {
    name: 'schedule',
    path: ({ conversation }) => `/inbox/${conversation.id}`,
    shows: async (desk) => {
      await desk.composer.fill('Aquí tiene la cotización')
      await desk.button(desk.t('inbox.composer.schedule')).click()
      await desk.dialog(desk.t('inbox.scheduleDialog.title')).waitFor()
      // Its name goes on with that of the field.
      await desk.page.getByRole('button', { name: desk.t('ui.calendar') }).click()
      await desk.page.getByRole('grid').waitFor()
    },
  },
  { name: 'contact-new', path: () => '/contacts', shows: opens((desk) => desk.t('contacts.new')) },
  {
    name: 'number-edit',
    path: () => '/numbers',
    shows: async (desk, { number }) => {
      await desk.button(desk.t('numbers.actionsOf', { number })).click()
      await desk.choose(desk.t('numbers.edit'))
      await desk.dialog().waitFor()
    },
  },
  {
    name: 'number-rest',
    path: () => '/numbers',
    shows: async (desk, { number }) => {
      await desk.button(desk.t('numbers.actionsOf', { number })).click()
      await desk.choose(desk.t('numbers.quarantine'))
      await desk.dialog().waitFor()
    },
  },
  { name: 'number-add', path: () => '/numbers', shows: opens((desk) => desk.t('numbers.add')) },
  { name: 'rule-new', path: () => '/assistant?tab=rules', shows: opens((desk) => desk.t('assistant.rules.new')) },
  {
    name: 'invite-new',
    path: () => '/people?tab=invitations',
    shows: opens((desk) => desk.t('people.invitations.new')),
  },
  { name: 'label-new', path: () => '/settings?tab=labels', shows: opens((desk) => desk.t('settings.labels.new')) },
  { name: 'token-new', path: () => '/settings?tab=tokens', shows: opens((desk) => desk.t('settings.tokens.new')) },
]
