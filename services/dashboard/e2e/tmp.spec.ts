import { afterAll, beforeAll } from 'vitest'
import { story } from './browser'
import { Desk } from './desk'
import { Mock } from './mock'
const SCROLLER = '[data-testid=conversation-scroller]'
let mock: Mock
beforeAll(async () => { mock = await Mock.start({ CONVERSATIONS: '100000' }) })
afterAll(async () => { await mock.stop() })
story('j', async ({ seat }) => {
  const one = await seat()
  const { page } = one
  const desk = new Desk(page, 'es-MX', mock.url)
  await desk.goTo('/login')
  await desk.signIn({ email: 'lucia@example.mx', password: 'demo' })
  await page.waitForURL('**/inbox')
  await page.locator(`${SCROLLER} a`).first().waitFor()
  await desk.isLive()
  for (let step = 0; step < 40; step++) { await page.keyboard.press('j')
    if (step % 5 === 0) console.log(step, page.url(), await page.evaluate(() => document.activeElement?.outerHTML.slice(0,120)))
  }
  await page.waitForTimeout(2000)
  console.log(page.url(), await page.locator(`${SCROLLER} [aria-current=true]`).count(), await page.evaluate((s)=>document.querySelector(s)?.scrollTop, SCROLLER))
  console.log(one.problems.seen)
  await page.screenshot({ path: '/tmp/e/j.png' })
})
