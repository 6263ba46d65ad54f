import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, expect } from 'vitest'
import { pictureOnFailure, story } from './browser'
import { Desk } from './desk'
import { ApiUser, aNumber, Customer, conversationOf, hilo, someoneWrote } from './hilo'
import { Wire } from './wire'

let owner: ApiUser
beforeAll(async () => {
  owner = await ApiUser.signIn()
})

/** The streams of live events that the browser holds open. */
function streamsOf(context: BrowserContext) {
  const open = new Map<object, Page>()
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/live') open.set(request, request.frame().page())
  })
  context.on('requestfinished', (request) => open.delete(request))
  context.on('requestfailed', (request) => open.delete(request))
  // Of a tab that is closed nobody tells that its requests have ended.
  return () => [...open.values()].filter((page) => !page.isClosed()).length
}

const TABS = 8

story('eight tabs share one stream, and when its tab is closed another goes on', async ({ seat }) => {
  const one = await seat()
  pictureOnFailure(one, 'tabs')
  const streams = streamsOf(one.context)
  const first = await Desk.signedIn(one)
  const { customer, to, conversation } = await someoneWrote(owner, 'Hola')
  const desks = [first]
  while (desks.length < TABS) {
    const desk = new Desk(await one.context.newPage())
    desks.push(desk)
    await desk.open(conversation)
  }
  expect(streams()).toBe(1)
  const others = desks.slice(1)
  await customer.texts(to.phone_number, 'Uno para todas')
  await Promise.all(others.map((desk) => desk.bubble('Uno para todas').waitFor()))
  expect(streams()).toBe(1)

  // The first tab was the first to ask for the lock: it leads.
  await first.page.close()
  await customer.texts(to.phone_number, 'Sin la que guiaba')
  await Promise.all(others.map((desk) => desk.bubble('Sin la que guiaba').waitFor()))
  await expect.poll(streams).toBe(1)
})

/** A desk behind a wire that can be cut; signed in already, since the house takes forms from its own address only. */
async function behindAWire(context: BrowserContext, page: Page) {
  const wire = await Wire.to(hilo.url)
  await owner.lend(context)
  return { wire, desk: new Desk(page, 'es-MX', wire.url) }
}

story('what happens while the wire is cut is there when it is mended', async ({ seat }) => {
  const one = await seat()
  pictureOnFailure(one, 'cut')
  one.problems.expect(/net::ERR_/)
  const { customer, to, conversation } = await someoneWrote(owner, 'Hola')
  const { wire, desk } = await behindAWire(one.context, one.page)
  const { t, page } = desk
  await desk.open(conversation)
  await desk.bubble('Hola').first().waitFor()
  await desk.stays()

  wire.cut()
  await page
    .getByRole('status')
    .filter({ hasText: t('app.live.off') })
    .waitFor()
  await page.getByText(/^Sin conexión desde las/).waitFor()
  await customer.texts(to.phone_number, 'Le escribo mientras no hay red')
  const newcomer = new Customer()
  await newcomer.texts((await aNumber(owner)).phone_number, 'Soy nuevo por aqui')
  await conversationOf(owner, newcomer)

  wire.mend()
  await desk.isLive()
  await desk.bubble('Le escribo mientras no hay red').waitFor()
  await desk.row(newcomer.phone).waitFor()
  await desk.stayed()
  await wire.close()
})

story('a page that was away for longer than the server remembers reads everything again', async ({ seat }) => {
  const one = await seat()
  pictureOnFailure(one, 'resync')
  one.problems.expect(/net::ERR_/)
  const { customer, to, conversation } = await someoneWrote(owner, 'Hola')
  const { wire, desk } = await behindAWire(one.context, one.page)
  await desk.open(conversation)
  await desk.bubble('Hola').first().waitFor()

  wire.cut()
  await desk.page
    .getByRole('status')
    .filter({ hasText: desk.t('app.live.off') })
    .waitFor()
  // An id that no server has given: what a restored backup, or a year away, looks like.
  await desk.page.evaluate(() => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith('hilo:last-event-id:')) localStorage.setItem(key, '999999999')
    }
  })
  await customer.texts(to.phone_number, 'Esto no lo vio')
  wire.mend()
  await desk.isLive()
  await desk.bubble('Esto no lo vio').waitFor()
  await wire.close()
})

story('a text whose answer was lost on the way is asked for again, and sent once', async ({ seat }) => {
  const one = await seat()
  pictureOnFailure(one, 'send-again')
  const { customer, conversation } = await someoneWrote(owner, 'Hola')
  const desk = await Desk.signedIn(one)
  await desk.open(conversation)
  await desk.composer.fill('Se lo confirmo enseguida')
  one.problems.expect(/net::ERR_/)

  // The answer to the first try is lost after the server has done it.
  let tries = 0
  await desk.page.route('**/api/conversations/*/messages', async (route) => {
    if (route.request().method() !== 'POST') return await route.continue()
    tries++
    if (tries > 1) return await route.continue()
    await route.fetch()
    await route.abort('connectionreset')
  })
  await desk.composer.press('Control+Enter')
  await desk.bubble('Se lo confirmo enseguida').getByText(desk.t('inbox.delivery.delivered'), { exact: true }).waitFor()
  await expect.poll(() => tries).toBe(2)
  await expect.poll(() => desk.bubble('Se lo confirmo enseguida').count()).toBe(1)
  expect((await customer.received()).split('Se lo confirmo enseguida')).toHaveLength(2)
})
