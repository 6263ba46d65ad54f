import { expect } from 'vitest'
import { pictureOnFailure, story } from './browser'
import { Desk } from './desk'
import { ApiUser, hilo } from './hilo'
import { words } from './words'

story('a deep link is where one is after signing in', async ({ seat }) => {
  const { page } = await seat()
  const desk = new Desk(page)
  await desk.goTo('/numbers')
  await page.waitForURL('**/login?next=**')
  await desk.signIn(hilo.owner)
  await page.waitForURL('**/numbers')
  await page.getByRole('heading', { level: 1, name: desk.t('numbers.title') }).waitFor()
})

story.for(['//evil.example', '/\\evil.example', 'https://evil.example'])(
  'a way out of the house is not taken: %s',
  async (next, { seat }) => {
    const { page } = await seat()
    const desk = new Desk(page)
    await desk.goTo(`/login?next=${encodeURIComponent(next)}`)
    await desk.signIn(hilo.owner)
    await page.waitForURL(`${hilo.url}/inbox`)
  },
)

story('a wrong password is told in words, and the focus goes there', async ({ seat }) => {
  const { page, problems } = await seat()
  // Chromium logs the 401, which is the answer that this test is about.
  problems.expect(/status of 401/)
  const desk = new Desk(page)
  await desk.goTo('/login')
  await desk.signIn({ email: 'nadie@hilo.test', password: 'no es esta tampoco' })
  await page
    .getByRole('alert')
    .filter({ hasText: desk.t('problems.wrong-credentials') })
    .waitFor()
  expect(await page.evaluate(() => document.activeElement?.querySelector('[role=alert]') !== null)).toBe(true)
  expect(await page.getByLabel(desk.t('auth.email')).inputValue()).toBe('nadie@hilo.test')
})

story('the language is chosen before one is in, and stays', async ({ seat }) => {
  const { page } = await seat()
  const desk = new Desk(page)
  await desk.goTo('/login')
  await page.getByRole('button', { name: desk.t('auth.language') }).click()
  const english = new Desk(page, 'en')
  await english.signIn(hilo.owner)
  await page.waitForURL('**/inbox')
  await page.getByRole('heading', { level: 1, name: english.t('inbox.title') }).waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
})

story('signing out everywhere ends the other browser at once', async ({ seat }) => {
  const owner = await ApiUser.signIn()
  const agent = await owner.invite('agent', 'Renata Cruz')
  const [here, there] = [await seat(), await seat()]
  pictureOnFailure(here, 'sign-out-here')
  pictureOnFailure(there, 'sign-out-there')
  // The other browser asks once more and is refused.
  there.problems.expect(/status of 401/)
  const desk = await Desk.signedIn(here, agent)
  const other = await Desk.signedIn(there, agent)

  await desk.goTo('/settings?tab=security')
  const { t, page } = desk
  await desk.button(t('settings.sessions.endOthers')).click()
  await page.getByText(t('settings.sessions.onlyThis')).waitFor()
  await other.page.waitForURL('**/login?next=**')
  await other.goTo('/inbox')
  await other.page.waitForURL('**/login?next=**')
  await page.reload()
  await page.getByText(t('settings.sessions.current')).waitFor()
})

story('who signs out is out, and the way back does not show what was there', async ({ seat }) => {
  const one = await seat()
  const desk = await Desk.signedIn(one)
  const { page } = one
  const { t } = desk
  await page.getByRole('button', { name: new RegExp(`^${t('app.user', { name: '' }).trim()}`) }).click()
  await desk.choose(t('app.signOut'))
  await page.waitForURL('**/login')
  await page.goBack()
  await page.waitForURL('**/login**')
  await page.getByLabel(t('auth.email')).waitFor()
})

story('a browser that is set to another language than the account is answered in the account’s', async ({ seat }) => {
  const { page } = await seat({ locale: 'de-DE' })
  const desk = new Desk(page)
  await desk.goTo('/login')
  await page.getByRole('heading', { level: 1, name: words('es-MX')('auth.title') }).waitFor()
})
