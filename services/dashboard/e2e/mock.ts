import { type ChildProcess, spawn } from 'node:child_process'

const SERVER = new URL('../mock/server.mjs', import.meta.url).pathname
/** A port below those that the kernel hands out. */
const FIRST_PORT = 20_000
const PORTS = 12_000

/** The mock gateway of this folder, with a hundred thousand conversations in it. */
export class Mock {
  readonly url: string
  readonly #process: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#process = child
  }

  static async start(settings: Record<string, string> = {}) {
    const port = String(FIRST_PORT + Math.floor(Math.random() * PORTS))
    const child = spawn(process.execPath, [SERVER], {
      env: { ...process.env, PORT: port, CHATTER: '0', ...settings },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise<void>((ready, failed) => {
      child.stdout?.once('data', () => ready())
      child.once('exit', (code) => failed(new Error(`the mock ended with ${code}`)))
    })
    return new Mock(`http://127.0.0.1:${port}`, child)
  }

  async stop() {
    const gone = new Promise((done) => this.#process.once('exit', done))
    this.#process.kill()
    await gone
  }
}
