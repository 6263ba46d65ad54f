import { beforeAll, expect } from 'vitest'
import { pictureOnFailure, story } from './browser'
import { Desk } from './desk'
import { ApiUser, hilo, someoneWrote } from './hilo'

let owner: ApiUser
beforeAll(async () => {
  owner = await ApiUser.signIn()
})

story('a day at the inbox without a mouse', async ({ seat }) => {
  const { customer, conversation } = await someoneWrote(owner, 'Busco un comedor')
  const one = await seat()
  pictureOnFailure(one, 'keyboard')
  const { page } = one
  const desk = new Desk(page)
  const { t } = desk
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())
  /** Arrow keys to a menu's item, as somebody who looks at where the focus is. */
  const arrowTo = async (name: string) => {
    const item = page.getByRole('menuitem', { name })
    await item.waitFor()
    await expect
      .poll(async () => {
        await press('ArrowDown')
        return await item.evaluate((element) => element === document.activeElement)
      })
      .toBe(true)
  }
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent)

  // In: Tab from field to field, Enter.
  await desk.goTo('/login')
  await page.getByLabel(t('auth.email')).waitFor()
  await page.getByLabel(t('auth.email')).focus()
  await page.keyboard.type(hilo.owner.email)
  await press('Tab')
  await page.keyboard.type(hilo.owner.password)
  await press('Enter')
  await page.waitForURL('**/inbox')
  await desk.isLive()
  await desk.row(customer.phone).waitFor()

  // The newest conversation is the first.
  await press('j')
  await page.waitForURL(`**/inbox/${conversation.id}`)
  await desk.bubble('Busco un comedor').first().waitFor()

  await press('i')
  await desk.button(`${t('inbox.assistant.handed_over')}. ${t('inbox.assistant.give')}`).waitFor()
  await press('r')
  await expect.poll(focused).toContain(t('inbox.composer.label', { name: '' }).trim())
  // Letters are letters in a field.
  await page.keyboard.type('jek gi: le mando el precio')
  await press('Control+Enter')
  await desk.bubble('jek gi: le mando el precio').getByText(t('inbox.delivery.delivered'), { exact: true }).waitFor()
  expect(page.url()).toContain(conversation.id)
  await press('Escape')

  await press('a')
  await arrowTo('Diego Salas')
  await press('Enter')
  await desk.button(t('inbox.owner.button', { name: 'Diego Salas' })).waitFor()
  await press('s')
  await arrowTo(t('inbox.status.inactive'))
  await press('Enter')
  await desk.button(t('inbox.statusButton', { status: t('inbox.status.inactive') })).waitFor()
  await press('u')
  await desk
    .row(customer.phone)
    .getByText(/sin leer/)
    .waitFor({ state: 'attached' })

  // Elsewhere and back.
  await press('g', 'n')
  await page.waitForURL('**/numbers')
  await expect.poll(focused).toBe(t('numbers.title'))
  await press('Control+k')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.type('conversaciones')
  await press('Enter')
  await page.waitForURL('**/inbox')
  await press('?')
  await desk.dialog(t('app.keys.title')).waitFor()
  await press('Escape')
  await expect.poll(() => desk.dialog().count()).toBe(0)
  await press('/')
  await page.keyboard.type(customer.phone.slice(-4))
  await page.waitForURL('**/inbox?q=*')
  await desk.row(customer.phone).waitFor()

  // The skip link is the first stop of every page.
  await desk.goTo('/contacts')
  await page.getByRole('heading', { level: 1 }).waitFor()
  await press('Tab')
  await expect.poll(focused).toBe(t('app.skip'))
})

story('every stop of the inbox can be seen: the focus has a ring of two pixels', async ({ seat }) => {
  const { conversation } = await someoneWrote(owner, 'Hola')
  const one = await seat()
  const desk = await Desk.signedIn(one)
  await desk.open(conversation)
  await desk.bubble('Hola').first().waitFor()
  const stops = new Set<string>()
  for (let step = 0; step < 60; step++) {
    await desk.page.keyboard.press('Tab')
    const stop = await desk.page.evaluate(() => {
      const at = document.activeElement
      if (!at || at === document.body) return null
      const ring = (element: Element | null): boolean => {
        if (!element) return false
        const style = getComputedStyle(element)
        return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2
      }
      // A field may show the ring of the box around it, a switch that of its track.
      const isSeen = ring(at) || ring(at.parentElement) || ring(at.parentElement?.parentElement ?? null)
      return { name: at.getAttribute('aria-label') ?? at.textContent?.slice(0, 40) ?? at.tagName, isSeen }
    })
    if (!stop) break
    expect(stop.isSeen, `the focus on «${stop.name}» can be seen`).toBe(true)
    stops.add(stop.name)
  }
  expect(stops.size).toBeGreaterThan(15)
})
