import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, onTestFailed, test } from 'vitest'

/** Where pictures of failed tests go. */
const FAILED = new URL('../../../target/e2e/', import.meta.url).pathname

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The browser of this machine, by the names that provision.sh takes it under. */
function installed() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file))
  if (!found) throw new Error('no Chromium on this machine: deploy/provision.sh chromium')
  return found
}

let started: Promise<Browser> | undefined
function browser() {
  started ??= chromium.launch({
    executablePath: process.env.CHROME_PATH ?? installed(),
    headless: true,
    args: FLAGS,
  })
  return started
}
afterAll(async () => {
  await (await started)?.close()
  started = undefined
})

/** What a page said against itself: console errors and warnings, uncaught exceptions, CSP reports. */
export class Problems {
  readonly seen: string[] = []
  readonly #expected: RegExp[] = [
    // Asking who is signed in, when nobody is: the answer is the point, and Chromium logs it.
    /status of 401 .* \S+\/api\/session$/,
  ]

  /** Lines that this test provokes: a stream that it cuts, an answer that it asks for. */
  expect(...lines: RegExp[]) {
    this.#expected.push(...lines)
  }

  watch(page: Page) {
    page.on('console', (message) => {
      if (message.type() !== 'error' && message.type() !== 'warning') return
      this.#add(`${message.type()}: ${message.text().slice(0, 400)} ${message.location().url}`)
    })
    page.on('pageerror', (error) => this.#add(`uncaught: ${String(error.stack ?? error).slice(0, 600)}`))
  }

  #add(line: string) {
    this.seen.push(line)
  }

  unexpected() {
    return this.seen.filter((line) => !this.#expected.some((expected) => expected.test(line)))
  }
}

/** One person's browser: its own cookies and storage, as many tabs as asked for. */
export class Seat {
  readonly context: BrowserContext
  readonly page: Page
  readonly problems: Problems

  private constructor(context: BrowserContext, page: Page, problems: Problems) {
    this.context = context
    this.page = page
    this.problems = problems
  }

  static async take(options: BrowserContextOptions = {}) {
    const context = await (await browser()).newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'es-MX',
      // Not Mexico's zone: a time that is shown in the browser's own stands out.
      timezoneId: 'Europe/Berlin',
      colorScheme: 'light',
      acceptDownloads: true,
      ...options,
    })
    context.setDefaultTimeout(15_000)
    const problems = new Problems()
    context.on('page', (page) => problems.watch(page))
    return new Seat(context, await context.newPage(), problems)
  }
}

/** Puts settings into the browser's storage before any page of it runs. */
export async function keep(context: BrowserContext, settings: Record<string, string>) {
  await context.addInitScript((settings) => {
    // A new tab's empty document has no storage.
    if (location.protocol === 'about:') return
    for (const [name, value] of Object.entries(settings)) localStorage.setItem(name, value)
  }, settings)
}

type Stage = {
  /** A seat for one more person; closed after the test, which fails if its pages had problems. */
  seat: (options?: BrowserContextOptions) => Promise<Seat>
}

/** A test with as many browsers as it asks for. */
export const story = test.extend<Stage>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures that it needs from the pattern.
  seat: async ({}, use) => {
    const seats: Seat[] = []
    await use(async (options) => {
      const seat = await Seat.take(options)
      seats.push(seat)
      return seat
    })
    const problems = seats.flatMap((seat) => seat.problems.unexpected())
    await Promise.all(seats.map((seat) => seat.context.close()))
    if (problems.length > 0) throw new Error(`the page had problems:\n${problems.join('\n')}`)
  },
})

/** Takes a picture of every tab when the test fails. */
export function pictureOnFailure(seat: Seat, name: string) {
  onTestFailed(async () => {
    mkdirSync(FAILED, { recursive: true })
    for (const [index, page] of seat.context.pages().entries()) {
      await page.screenshot({ path: `${FAILED}${name}-${index}.png` })
    }
  })
}
