import { api, type Schemas } from './client'

export type ConversationChanged = {
  type: 'conversation_changed'
  what: string
  conversation: Schemas['Conversation'] | null
  message: Schemas['Message'] | null
  conversation_id: string
}
export type ServerEvent =
  | ConversationChanged
  | { type: 'import_progressed'; import: Schemas['Import'] }
  | { type: 'numbers_changed' }
  | { type: 'session_revoked' }
  | { type: 'resync' }
export type LiveState = { live: boolean; since: number }
type Wire = { kind: 'event'; event: ServerEvent } | { kind: 'state'; state: LiveState } | { kind: 'hello' }

const NAMES = ['conversation_changed', 'import_progressed', 'numbers_changed', 'session_revoked', 'resync'] as const
/** The server says `hb` every 15 s; this long without a word, the stream is taken for lost. */
const SILENCE_MS = 40_000
const REOPEN_MS = [1_000, 3_000, 10_000]
const lastIdOf = (account: string) => `hilo:last-event-id:${account}`

/** Forgets where the stream was: at sign-out, since the next user may not see what this one saw. */
export function forgetLiveEvents(account: string) {
  localStorage.removeItem(lastIdOf(account))
}

/** The one EventSource of this browser, while this tab leads. */
class Stream {
  #source: EventSource | undefined
  #watchdog: ReturnType<typeof setTimeout> | undefined
  #reopen: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #closed = false
  readonly #account: string
  readonly #tell: (wire: Wire) => void
  state: LiveState | undefined

  constructor(account: string, tell: (wire: Wire) => void) {
    this.#account = account
    this.#tell = tell
    this.#open()
  }

  close() {
    this.#closed = true
    clearTimeout(this.#watchdog)
    clearTimeout(this.#reopen)
    this.#source?.close()
  }

  /** Tries at once: the network came back, or somebody looks at the page again. */
  nudge() {
    if (this.#closed || this.state?.live) return
    clearTimeout(this.#reopen)
    this.#open()
  }

  #open() {
    this.#source?.close()
    const last = localStorage.getItem(lastIdOf(this.#account))
    const query = last ? `?last_event_id=${encodeURIComponent(last)}` : ''
    const source = new EventSource(`/api/live${query}`)
    this.#source = source
    this.#listen()
    source.onopen = () => {
      this.#failures = 0
      this.#set(true)
      this.#listen()
      // Nothing tells what happened between the first reads and this first stream: read again.
      if (!last) this.#tell({ kind: 'event', event: { type: 'resync' } })
    }
    source.onerror = () => this.#lost()
    source.addEventListener('hb', (event) => {
      this.#remember(event)
      this.#listen()
    })
    for (const name of NAMES) {
      source.addEventListener(name, (event) => {
        this.#remember(event)
        this.#listen()
        this.#tell({ kind: 'event', event: { ...JSON.parse(event.data), type: name } as ServerEvent })
      })
    }
  }

  #remember(event: MessageEvent) {
    if (event.lastEventId) localStorage.setItem(lastIdOf(this.#account), event.lastEventId)
  }

  #listen() {
    clearTimeout(this.#watchdog)
    this.#watchdog = setTimeout(() => this.#lost(), SILENCE_MS)
  }

  #lost() {
    if (this.#closed) return
    this.#set(false)
    this.#source?.close()
    clearTimeout(this.#watchdog)
    clearTimeout(this.#reopen)
    const wait = REOPEN_MS[Math.min(this.#failures++, REOPEN_MS.length - 1)]
    this.#reopen = setTimeout(() => {
      // The stream cannot tell 401 from a dead network; this can, and the client says so to the shell.
      void api.GET('/api/session').catch(() => {})
      this.#open()
    }, wait)
  }

  #set(live: boolean) {
    if (this.state?.live === live) return
    this.state = { live, since: Date.now() }
    this.#tell({ kind: 'state', state: this.state })
  }
}

/**
 * Live events of the account, with one EventSource for each browser, not for each tab: a Web Lock elects a leader that
 * tells the other tabs. Over HTTP/1.1 a browser gives an origin six connections in all: the seventh tab would hang.
 */
export function connectEvents(account: string, on: (event: ServerEvent) => void, onState: (state: LiveState) => void) {
  const name = `hilo:live:${account}`
  const channel = new BroadcastChannel(name)
  const abort = new AbortController()
  let stream: Stream | undefined
  const hear = (wire: Wire) => {
    if (wire.kind === 'event') on(wire.event)
    else if (wire.kind === 'state') onState(wire.state)
    else if (stream?.state) channel.postMessage({ kind: 'state', state: stream.state } satisfies Wire)
  }
  const tell = (wire: Wire) => {
    if (abort.signal.aborted) return
    channel.postMessage(wire)
    hear(wire)
  }
  const nudge = () => {
    if (document.visibilityState === 'visible') stream?.nudge()
  }
  channel.onmessage = (message: MessageEvent<Wire>) => hear(message.data)
  channel.postMessage({ kind: 'hello' } satisfies Wire)
  window.addEventListener('online', nudge)
  document.addEventListener('visibilitychange', nudge)

  const lead = () =>
    new Promise<void>((release) => {
      stream = new Stream(account, tell)
      abort.signal.addEventListener('abort', () => release())
    })
  navigator.locks.request(name, { signal: abort.signal }, lead).catch(() => {})

  return () => {
    abort.abort()
    stream?.close()
    channel.close()
    window.removeEventListener('online', nudge)
    document.removeEventListener('visibilitychange', nudge)
  }
}
