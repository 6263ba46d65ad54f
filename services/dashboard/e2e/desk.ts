import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { showPhone } from '@/lib/phone'
import { keep, type Seat } from './browser'
import { type Credentials, hilo } from './hilo'
import { type Language, type Words, words } from './words'

/** A person at the dashboard: what they can see and press, by the words that are on it. */
export class Desk {
  readonly page: Page
  readonly t: Words
  readonly url: string

  constructor(page: Page, language: Language = 'es-MX', url = hilo.url) {
    this.page = page
    this.t = words(language)
    this.url = url
  }

  /** Signs in at the page, as people do. */
  static async signedIn(seat: Seat, credentials: Credentials = hilo.owner, language: Language = 'es-MX') {
    await keep(seat.context, { 'hilo:locale': language })
    const desk = new Desk(seat.page, language)
    await desk.goTo('/login')
    await desk.signIn(credentials)
    await seat.page.waitForURL('**/inbox')
    await desk.isLive()
    return desk
  }

  async goTo(path: string) {
    await this.page.goto(this.url + path)
  }

  async signIn({ email, password }: Credentials) {
    const { page, t } = this
    await page.getByLabel(t('auth.email')).fill(email)
    await page.getByLabel(t('auth.password'), { exact: true }).fill(password)
    await this.button(t('auth.submit')).click()
  }

  /** Until the stream of live events is up: what happens from now on is seen. */
  async isLive() {
    await this.page
      .getByRole('status')
      .filter({ hasText: this.t('app.live.on') })
      .waitFor()
  }

  button(name: string, within: Page | Locator = this.page) {
    return within.getByRole('button', { name, exact: true })
  }

  dialog(name?: string) {
    const { page } = this
    return name ? page.getByRole('dialog', { name }) : page.getByRole('dialog')
  }

  async choose(item: string | RegExp) {
    await this.page.getByRole('menuitem', { name: item }).click()
  }

  /** The row of the list of conversations. */
  row(phone: string) {
    const list = this.page.getByRole('list', { name: this.t('inbox.title') })
    return list.getByRole('link').filter({ hasText: showPhone(phone) })
  }

  async open(conversation: { id: string }) {
    await this.goTo(`/inbox/${conversation.id}`)
    await this.thread.waitFor()
    await this.isLive()
  }

  /** The texts of the open conversation. */
  get thread() {
    return this.page.getByRole('log')
  }

  bubble(text: string) {
    return this.page.getByRole('article').filter({ hasText: text })
  }

  get composer() {
    return this.page.getByRole('textbox', {
      name: new RegExp(`^${this.t('inbox.composer.label', { name: '' }).trim()}`),
    })
  }

  get details() {
    return this.page.getByRole('complementary', { name: this.t('inbox.details.title') })
  }

  /** Everything about the conversation but its details: header, texts, composer. */
  get pane() {
    return this.page.getByRole('main').getByRole('region').filter({ has: this.thread }).last()
  }

  /** The toast that says so. */
  async isTold(text: string) {
    await this.page.getByRole('alertdialog').filter({ hasText: text }).first().waitFor()
  }

  /** Marks the document: a reload would lose it. */
  async stays() {
    await this.page.evaluate(() => {
      document.documentElement.dataset.stays = 'yes'
    })
  }
  async stayed() {
    expect(await this.page.evaluate(() => document.documentElement.dataset.stays)).toBe('yes')
  }
}
