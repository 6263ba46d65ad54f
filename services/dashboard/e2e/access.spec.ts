import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect } from 'vitest'
import { settled, violations } from './access'
import { pictureOnFailure, type Seat, story } from './browser'
import { Desk } from './desk'
import { ApiUser, Customer, hilo, numbers, someoneWrote } from './hilo'
import { LANGUAGES, type Language } from './words'
import { last4 } from '@/lib/phone'

const PICTURES = process.env.HILO_SCREENSHOTS ?? new URL('../../../target/screenshots/', import.meta.url).pathname

let owner: ApiUser
let conversation: { id: string }
let quiet: { id: string }
let invitation: string
let number: string
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true })
  owner = await ApiUser.signIn()
  const scene = await someoneWrote(owner, 'Buenas tardes, ¿tienen la sala Coyoacán en azul?')
  conversation = scene.conversation
  await owner.post('/api/labels', { name: `Salas ${Date.now() % 100_000}`, color: 'cempa' })
  await owner.post(`/api/conversations/${conversation.id}/notes`, { body: 'Pidió factura.' })
  await owner.post(`/api/conversations/${conversation.id}/messages`, { body: 'Con gusto. Llega el jueves.' })
  const later = new Date(Date.now() + 86_400_000).toISOString()
  await owner.post(`/api/conversations/${conversation.id}/messages`, { body: 'Le recuerdo la entrega.', send_at: later })
  const stopped = await someoneWrote(owner, 'Hola')
  quiet = stopped.conversation
  await owner.post(`/api/conversations/${quiet.id}/opt-out`, { evidence: 'Lo pidió por teléfono' })
  const unreachable = new Customer()
  await owner.post('/api/conversations/start', { phone_number: unreachable.phone, name: 'José Luis García Peña' })
  invitation = new URL((await owner.post<{ url: string }>('/api/invitations', { email: `a${Date.now()}@example.com`, role: 'agent' })).url, hilo.url).pathname
  number = last4((await numbers(owner))[0]?.phone_number ?? '')
})

interface View {
  name: string
  path: () => string
  /** Until the page has what it is looked at for. */
  shows: (desk: Desk) => Promise<unknown>
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

const SIGNED_OUT: View[] = [
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
  { name: 'invite', path: () => invitation, shows: heading },
  { name: 'invite-gone', path: () => '/invite/nothing-here', shows: heading },
]
const PAGES: View[] = [
  { name: 'inbox', path: () => '/inbox', shows: (desk) => desk.page.getByRole('link').filter({ has: desk.page.locator('time') }).first().waitFor() },
  { name: 'thread', path: () => `/inbox/${conversation.id}`, shows: thread },
  { name: 'thread-opted-out', path: () => `/inbox/${quiet.id}`, shows: (desk) => desk.page.getByText(desk.t('inbox.composer.optedOut')).waitFor() },
  { name: 'inbox-filtered-empty', path: () => '/inbox?q=zzzzzz', shows: (desk) => desk.page.getByText(desk.t('inbox.list.filtered'), { exact: true }).waitFor() },
  { name: 'contacts', path: () => '/contacts', shows: (desk) => desk.page.getByRole('row').nth(1).waitFor() },
  { name: 'contacts-import', path: () => '/contacts/import', shows: heading },
  { name: 'numbers', path: () => '/numbers', shows: table },
  { name: 'assistant', path: () => '/assistant', shows: (desk) => desk.page.getByLabel(desk.t('assistant.voice.name')).waitFor() },
  { name: 'assistant-rules', path: () => '/assistant?tab=rules', shows: table },
  { name: 'people', path: () => '/people', shows: table },
  { name: 'people-invitations', path: () => '/people?tab=invitations', shows: table },
  { name: 'people-roles', path: () => '/people?tab=roles', shows: table },
  { name: 'people-audit', path: () => '/people?tab=audit', shows: table },
  { name: 'settings', path: () => '/settings', shows: (desk) => desk.page.getByLabel(desk.t('settings.account.name')).waitFor() },
  { name: 'settings-security', path: () => '/settings?tab=security', shows: (desk) => desk.page.getByText(desk.t('settings.sessions.current')).waitFor() },
  { name: 'settings-tokens', path: () => '/settings?tab=tokens', shows: heading },
  { name: 'settings-appearance', path: () => '/settings?tab=appearance', shows: heading },
  { name: 'settings-about', path: () => '/settings?tab=about', shows: heading },
  { name: 'phone', path: () => '/phone', shows: (desk) => desk.page.getByRole('textbox', { name: desk.t('phone.message') }).waitFor() },
  { name: 'missing', path: () => '/nothing-here', shows: (desk) => desk.page.getByText(desk.t('app.missing')).waitFor() },
]
const DIALOGS: View[] = [
  { name: 'palette', path: () => '/inbox', shows: async (desk) => {
    await heading(desk)
    await desk.page.keyboard.press('Control+k')
    await desk.dialog().waitFor()
  } },
  { name: 'keys', path: () => '/inbox', shows: async (desk) => {
    await heading(desk)
    await desk.isLive()
    await desk.page.keyboard.press('?')
    await desk.dialog().waitFor()
  } },
  { name: 'user-menu', path: () => '/inbox', shows: async (desk) => {
    await heading(desk)
    await desk.page.getByRole('button', { name: new RegExp(`^${desk.t('app.user', { name: '' }).trim()}`) }).click()
    await desk.page.getByRole('menu').waitFor()
  } },
  { name: 'filters', path: () => '/inbox', shows: opens((desk) => desk.t('inbox.filters.open')) },
  { name: 'compose', path: () => '/inbox', shows: opens((desk) => desk.t('inbox.compose')) },
  { name: 'reassign', path: () => `/inbox/${conversation.id}`, shows: async (desk) => {
    await desk.button(desk.t('inbox.number.reassign')).click()
    await desk.dialog().getByRole('radio').first().waitFor({ state: 'attached' })
  } },
  { name: 'consent', path: () => `/inbox/${conversation.id}`, shows: async (desk) => {
    await desk.button(desk.t('inbox.more.optOut')).click()
    await desk.dialog().waitFor()
  } },
  { name: 'schedule', path: () => `/inbox/${conversation.id}`, shows: async (desk) => {
    await desk.composer.fill('Aquí tiene la cotización')
    await desk.button(desk.t('inbox.composer.schedule')).click()
    await desk.dialog(desk.t('inbox.scheduleDialog.title')).waitFor()
    await desk.button(desk.t('ui.calendar')).click()
    await desk.page.getByRole('grid').waitFor()
  } },
  { name: 'contact-new', path: () => '/contacts', shows: opens((desk) => desk.t('contacts.new')) },
  { name: 'number-edit', path: () => '/numbers', shows: async (desk) => {
    await desk.button(desk.t('numbers.actionsOf', { number })).click()
    await desk.choose(desk.t('numbers.edit'))
    await desk.dialog().waitFor()
  } },
  { name: 'number-rest', path: () => '/numbers', shows: async (desk) => {
    await desk.button(desk.t('numbers.actionsOf', { number })).click()
    await desk.choose(desk.t('numbers.quarantine'))
    await desk.dialog().waitFor()
  } },
  { name: 'number-add', path: () => '/numbers', shows: opens((desk) => desk.t('numbers.add')) },
  { name: 'rule-new', path: () => '/assistant?tab=rules', shows: opens((desk) => desk.t('assistant.rules.new')) },
  { name: 'invite-new', path: () => '/people?tab=invitations', shows: opens((desk) => desk.t('people.invitations.new')) },
  { name: 'token-new', path: () => '/settings?tab=tokens', shows: opens((desk) => desk.t('settings.tokens.new')) },
]

const THEMES = ['light', 'dark'] as const

async function furnished(seat: Seat, language: Language, theme: (typeof THEMES)[number]) {
  await seat.context.addInitScript(
    ([locale, theme]) => {
      localStorage.setItem('hilo:locale', locale)
      localStorage.setItem('theme', theme)
    },
    [language, theme] as const,
  )
  return new Desk(seat.page, language)
}

const picture = (page: Page, name: string) => page.screenshot({ path: `${PICTURES}${name}.png` })

/** Looks at each view: what axe finds in it, and a picture of it in Spanish. */
async function look(desk: Desk, views: View[], language: Language, theme: string) {
  const found: string[] = []
  for (const view of views) {
    await desk.goTo(view.path())
    await view.shows(desk)
    await settled(desk.page)
    expect(await desk.page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme)
    found.push(...(await violations(desk.page)).map((line) => `${view.name}: ${line}`))
    if (language === 'es-MX') await picture(desk.page, `${view.name}-${theme}`)
  }
  expect(found).toEqual([])
}

describe.each(LANGUAGES.flatMap((language) => THEMES.map((theme) => ({ language, theme }))))(
  'in $language, $theme',
  ({ language, theme }) => {
    story('pages of nobody yet break no rule of WCAG 2.2 AA', async ({ seat }) => {
      const one = await seat({ colorScheme: theme })
      pictureOnFailure(one, `access-out-${language}-${theme}`)
      one.problems.expect(/status of 404/)
      await look(await furnished(one, language, theme), SIGNED_OUT, language, theme)
    })

    story('no page breaks a rule of WCAG 2.2 AA', async ({ seat }) => {
      const one = await seat({ colorScheme: theme })
      pictureOnFailure(one, `access-${language}-${theme}`)
      await owner.lend(one.context)
      await look(await furnished(one, language, theme), PAGES, language, theme)
    })

    story('no dialog breaks a rule of WCAG 2.2 AA', async ({ seat }) => {
      const one = await seat({ colorScheme: theme })
      pictureOnFailure(one, `access-dialog-${language}-${theme}`)
      await owner.lend(one.context)
      await look(await furnished(one, language, theme), DIALOGS, language, theme)
    })
  },
)

story('on a phone nothing is cut off, and no page breaks a rule', async ({ seat }) => {
  const one = await seat({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 })
  pictureOnFailure(one, 'mobile')
  await owner.lend(one.context)
  const desk = await furnished(one, 'es-MX', 'light')
  const found: string[] = []
  for (const view of PAGES) {
    await desk.goTo(view.path())
    await view.shows(desk)
    await settled(desk.page)
    const width = await desk.page.evaluate(() => document.documentElement.scrollWidth)
    if (width > 390) found.push(`${view.name}: ${width} px wide`)
    found.push(...(await violations(desk.page)).map((line) => `${view.name}: ${line}`))
    await picture(desk.page, `${view.name}-mobile`)
  }
  expect(found).toEqual([])
})

story('at four times the size, 320 pixels wide, nothing needs to be scrolled sideways', async ({ seat }) => {
  const one = await seat({ viewport: { width: 320, height: 640 } })
  pictureOnFailure(one, 'reflow')
  await owner.lend(one.context)
  const desk = await furnished(one, 'es-MX', 'light')
  const wide: string[] = []
  for (const view of PAGES) {
    await desk.goTo(view.path())
    await view.shows(desk)
    const width = await desk.page.evaluate(() => document.documentElement.scrollWidth)
    if (width > 320) wide.push(`${view.name}: ${width} px`)
  }
  expect(wide).toEqual([])
})
