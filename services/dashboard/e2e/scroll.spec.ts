import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { pictureOnFailure, type Seat, story } from './browser'
import { Desk } from './desk'
import { Mock } from './mock'

const CONVERSATIONS = 100_000
const MOST_ROWS = 40
const MOST_HEAP_MB = 25
const MOST_JUMP_MS = 1_500
const SCROLLER = '[data-testid=conversation-scroller]'

let mock: Mock
beforeAll(async () => {
  mock = await Mock.start({ CONVERSATIONS: String(CONVERSATIONS) })
})
afterAll(async () => {
  await mock.stop()
})

async function signedIn(seat: Seat) {
  const desk = new Desk(seat.page, 'es-MX', mock.url)
  await desk.goTo('/login')
  await desk.signIn({ email: 'lucia@example.mx', password: 'demo' })
  await seat.page.waitForURL('**/inbox')
  await seat.page.locator(`${SCROLLER} a`).first().waitFor()
  await desk.isLive()
  return desk
}

interface Seen {
  frames: number
  blank: number
  mostRows: number
}

/** Looks at every frame while something scrolls: is there a row, or its place, in the middle of the list? */
async function watching(page: Page, act: () => Promise<unknown>): Promise<Seen> {
  await page.evaluate((selector) => {
    const seen = { frames: 0, blank: 0, mostRows: 0, goesOn: true }
    Object.assign(window, { seen })
    const scroller = document.querySelector(selector) as HTMLElement
    const look = () => {
      const box = scroller.getBoundingClientRect()
      const at = document.elementFromPoint(box.x + 60, box.y + box.height / 2)
      seen.frames++
      if (!at?.closest('li')) seen.blank++
      seen.mostRows = Math.max(seen.mostRows, scroller.querySelectorAll('li').length)
      if (seen.goesOn) requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  }, SCROLLER)
  await act()
  return await page.evaluate(() => {
    const { seen } = window as unknown as { seen: Seen & { goesOn: boolean } }
    seen.goesOn = false
    return seen
  })
}

story('a hundred thousand conversations scroll without a blank frame, and the page stays small', async ({ seat }) => {
  const one = await seat()
  pictureOnFailure(one, 'scroll')
  const { page } = await signedIn(one)
  await page.getByText(/100,000 conversaciones/).waitFor()
  const cdp = await one.context.newCDPSession(page)
  const box = await page.locator(SCROLLER).boundingBox()
  if (!box) throw new Error('the list is not there')
  const gesture = (yDistance: number, speed: number) =>
    cdp.send('Input.synthesizeScrollGesture', {
      x: box.x + 100,
      y: box.y + 300,
      yDistance,
      speed,
      gestureSourceType: 'mouse',
    })

  const seen = {
    wheel: await watching(page, () => gesture(-12_000, 2_000)),
    fling: await watching(page, () => gesture(-60_000, 8_000)),
    thumb: await watching(page, () =>
      page.evaluate(async (selector) => {
        const scroller = document.querySelector(selector) as HTMLElement
        const far = scroller.scrollHeight - scroller.clientHeight
        for (let step = 0; step <= 180; step++) {
          scroller.scrollTop = (far * step) / 180
          await new Promise(requestAnimationFrame)
        }
      }, SCROLLER),
    ),
  }
  console.log(seen)
  for (const [how, { frames, blank, mostRows }] of Object.entries(seen)) {
    expect(frames, how).toBeGreaterThan(30)
    expect(blank, how).toBe(0)
    expect(mostRows, how).toBeLessThanOrEqual(MOST_ROWS)
  }

  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('Performance.enable')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const heap = (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 1024 / 1024
  console.log(`heap ${heap.toFixed(1)} MB`)
  expect(heap).toBeLessThan(MOST_HEAP_MB)
})

story('a jump into the middle of the list has its rows at once', async ({ seat }) => {
  const one = await seat()
  const { page } = await signedIn(one)
  for (const place of [0.5, 0.9, 0.123]) {
    const ms = await page.evaluate(
      async ([selector, place]) => {
        const scroller = document.querySelector(selector) as HTMLElement
        scroller.scrollTop = scroller.scrollHeight * place
        const began = performance.now()
        for (;;) {
          await new Promise(requestAnimationFrame)
          const box = scroller.getBoundingClientRect()
          const row = document.elementFromPoint(box.x + 120, box.y + 200)?.closest('li')
          if (row?.querySelector('a')) return performance.now() - began
          if (performance.now() - began > 10_000) return Number.POSITIVE_INFINITY
        }
      },
      [SCROLLER, place] as const,
    )
    console.log(`jump to ${place}: ${Math.round(ms)} ms`)
    expect(ms).toBeLessThan(MOST_JUMP_MS)
  }
})

story('forty conversations are gone through with one key', async ({ seat }) => {
  const one = await seat()
  const { page } = await signedIn(one)
  for (let step = 0; step < 40; step++) await page.keyboard.press('j')
  await expect
    .poll(() =>
      page
        .locator(`${SCROLLER} [aria-current]`)
        .evaluateAll((rows) => rows.map((row) => row.closest('li')?.getAttribute('aria-posinset'))),
    )
    .toEqual(['40'])
  expect(await page.locator(`${SCROLLER} li`).count()).toBeLessThanOrEqual(MOST_ROWS)
})
