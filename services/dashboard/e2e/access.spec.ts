import { mkdirSync } from 'node:fs'
import { beforeAll, describe, expect } from 'vitest'
import { settled, violations } from './access'
import { keep, pictureOnFailure, story } from './browser'
import { Desk } from './desk'
import { ApiUser } from './hilo'
import { DIALOGS, furnish, PAGES, type Scene, SIGNED_OUT, type View } from './views'
import { LANGUAGES, type Language } from './words'

/** Where pictures of what was looked at go. */
const PICTURES = process.env.HILO_SCREENSHOTS ?? new URL('../../../target/screenshots/', import.meta.url).pathname
const THEMES = ['light', 'dark'] as const
/** Twenty pages twice, on a machine that builds something at the same time. */
const PATIENCE_MS = 240_000

let owner: ApiUser
let scene: Scene
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true })
  owner = await ApiUser.signIn()
  scene = await furnish(owner)
})

/** What axe finds in each view, in both themes; and pictures of it, in Spanish. */
async function look(desk: Desk, views: View[], language: Language) {
  const found: string[] = []
  for (const view of views) {
    await desk.goTo(view.path(scene))
    await view.shows(desk, scene)
    for (const theme of THEMES) {
      // As the page's own switch does it.
      await desk.page.evaluate((theme) => {
        document.documentElement.dataset.theme = theme
      }, theme)
      await settled(desk.page)
      found.push(...(await violations(desk.page)).map((line) => `${view.name}, ${theme}: ${line}`))
      if (language === 'es-MX') await desk.page.screenshot({ path: `${PICTURES}${view.name}-${theme}.png` })
    }
  }
  return found
}

describe.each(LANGUAGES)('in %s', (language) => {
  story('pages of somebody who is not in break no rule of WCAG 2.2 AA', { timeout: PATIENCE_MS }, async ({ seat }) => {
    const one = await seat()
    pictureOnFailure(one, `access-out-${language}`)
    one.problems.expect(/status of 404/)
    await keep(one.context, { 'hilo:locale': language })
    expect(await look(new Desk(one.page, language), SIGNED_OUT, language)).toEqual([])
  })

  story('no page breaks a rule of WCAG 2.2 AA', { timeout: PATIENCE_MS }, async ({ seat }) => {
    const one = await seat()
    pictureOnFailure(one, `access-pages-${language}`)
    await owner.lend(one.context)
    await keep(one.context, { 'hilo:locale': language })
    expect(await look(new Desk(one.page, language), PAGES, language)).toEqual([])
  })

  story('no dialog breaks a rule of WCAG 2.2 AA', { timeout: PATIENCE_MS }, async ({ seat }) => {
    const one = await seat()
    pictureOnFailure(one, `access-dialogs-${language}`)
    await owner.lend(one.context)
    await keep(one.context, { 'hilo:locale': language })
    expect(await look(new Desk(one.page, language), DIALOGS, language)).toEqual([])
  })
})

story('on a phone no page is wider than the screen or breaks a rule', { timeout: PATIENCE_MS }, async ({ seat }) => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
  const one = await seat(phone)
  pictureOnFailure(one, 'access-phone')
  await owner.lend(one.context)
  const desk = new Desk(one.page)
  const found: string[] = []
  for (const view of PAGES) {
    await desk.goTo(view.path(scene))
    await view.shows(desk, scene)
    await settled(desk.page)
    await desk.page.screenshot({ path: `${PICTURES}${view.name}-phone.png` })
    found.push(...(await violations(desk.page)).map((line) => `${view.name}: ${line}`))
    // Of 1280 pixels at 400 %: a table may be scrolled sideways in its box, a page may not.
    for (const width of [390, 320]) {
      await desk.page.setViewportSize({ width, height: 844 })
      const wide = await desk.page.evaluate(() => document.documentElement.scrollWidth)
      if (wide > width) found.push(`${view.name}: ${wide} pixels wide on ${width}`)
    }
    await desk.page.setViewportSize(phone.viewport)
  }
  expect(found).toEqual([])
})
