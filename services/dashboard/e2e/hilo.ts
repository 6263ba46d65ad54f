import type { BrowserContext } from 'playwright-core'
import type { components } from '@/api/schema'

type Schemas = components['schemas']

function setting(name: string) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run this beside deploy/with-hilo.sh`)
  return value
}

/** Where the running Hilo is, and who owns its account. */
export const hilo = {
  get url() {
    return setting('HILO_URL').replace(/\/$/, '')
  },
  get simulator() {
    return setting('HILO_SIMULATOR_URL').replace(/\/$/, '')
  },
  get owner(): Credentials {
    return { email: setting('HILO_EMAIL'), password: setting('HILO_PASSWORD') }
  },
}
export type Credentials = { email: string; password: string }

async function ask<T>(url: string, init: RequestInit): Promise<{ answer: T; response: Response }> {
  const response = await fetch(url, init)
  const text = await response.text()
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text.slice(0, 300)}`)
  return { answer: (text ? JSON.parse(text) : undefined) as T, response }
}

/** A signed-in user of the API: what a test needs to be so already, before the browser comes in. */
export class ApiUser {
  readonly #headers: Record<string, string>

  private constructor(cookie: string, csrf: string) {
    this.#headers = { cookie, 'x-csrf-token': csrf, 'content-type': 'application/json' }
  }

  static async signIn(credentials: Credentials = hilo.owner) {
    const { answer, response } = await ask<Schemas['Session']>(`${hilo.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(credentials),
    })
    return ApiUser.#from(answer, response)
  }

  /** Invites somebody and accepts in their name. */
  async invite(role: Schemas['Role'], name: string): Promise<Credentials> {
    const email = `${role}-${Date.now()}@example.com`
    const invitation = await this.post<Schemas['Invitation']>('/api/invitations', { email, role })
    const secret = new URL(invitation.url ?? '', hilo.url).pathname.split('/').at(-1)
    const password = 'diez letras o más'
    await ask(`${hilo.url}/api/invitations/accept/${secret}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, password }),
    })
    return { email, password }
  }

  /** Puts this user's session into a browser; a cookie knows no port. */
  async lend(context: BrowserContext) {
    // A secure cookie is not taken from http; it is sent to this machine all the same.
    const url = hilo.url.replace('http:', 'https:')
    const cookies = (this.#headers.cookie ?? '').split('; ').map((pair) => {
      const at = pair.indexOf('=')
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url, secure: true, httpOnly: true }
    })
    await context.addCookies(cookies)
  }

  static #from(session: Schemas['Session'], response: Response) {
    const cookie = response.headers.getSetCookie().map((line) => line.split(';')[0])
    return new ApiUser(cookie.join('; '), session.csrf ?? '')
  }

  async get<T>(path: string) {
    return (await ask<T>(hilo.url + path, { headers: this.#headers })).answer
  }
  async post<T>(path: string, body: unknown = {}) {
    return await this.#write<T>('POST', path, body)
  }
  async patch<T>(path: string, body: unknown) {
    return await this.#write<T>('PATCH', path, body)
  }
  async put<T>(path: string, body: unknown) {
    return await this.#write<T>('PUT', path, body)
  }
  async #write<T>(method: string, path: string, body: unknown) {
    return (await ask<T>(hilo.url + path, { method, headers: this.#headers, body: JSON.stringify(body) })).answer
  }
}

/** A phone of nobody: Mexico City's 55, then a number that no other run or test uses. */
let phones = Math.floor(Date.now() / 100) % 10_000_000
export const newPhone = () => `+52558${String(phones++ % 10_000_000).padStart(7, '0')}`

/** Somebody outside, with a phone of the simulated network. */
export class Customer {
  readonly phone: string
  constructor(phone = newPhone()) {
    this.phone = phone
  }

  /** Texts one of the house's numbers; the answer comes when Hilo's webhook has taken it. */
  async texts(to: string, body: string) {
    await ask(`${hilo.simulator}/control/texts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ from: this.phone, to, body }),
    })
  }

  /** What the phone has received so far. */
  async received() {
    const path = `${hilo.simulator}/control/phones/${encodeURIComponent(this.phone)}`
    const { answer } = await ask<unknown>(path, {})
    return JSON.stringify(answer)
  }
}

/** The house's numbers. */
export async function numbers(user: ApiUser) {
  return (await user.get<{ items: Schemas['Number'][] }>('/api/numbers')).items
}

/** The conversation of a customer, once there is one. */
export async function conversationOf(user: ApiUser, customer: Customer) {
  const query = new URLSearchParams({ q: customer.phone.slice(-10) })
  return await until('a conversation', async () => {
    const { items } = await user.get<Schemas['ConversationPage']>(`/api/conversations?${query}`)
    return items.find(({ contact }) => contact.phone_number === customer.phone)
  })
}

const LOOK_EVERY_MS = 50
const PATIENCE_MS = 15_000

/** Looks until there is something to see. */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    if (Date.now() > deadline) throw new Error(`${what}: not within ${PATIENCE_MS} ms`)
    await new Promise((next) => setTimeout(next, LOOK_EVERY_MS))
  }
}

/** A customer who has written, to a number that changes from call to call. */
export async function someoneWrote(user: ApiUser, body: string) {
  const customer = new Customer()
  const to = await aNumber(user)
  await customer.texts(to.phone_number, body)
  return { customer, to, conversation: await conversationOf(user, customer) }
}

let turn = 0
/** One of the house's numbers, and the next one the next time. */
export async function aNumber(user: ApiUser) {
  const all = await numbers(user)
  const chosen = all[turn++ % all.length]
  if (!chosen) throw new Error('the house has no numbers')
  return chosen
}
