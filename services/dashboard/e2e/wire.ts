import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire between the browser and Hilo that can be cut: what a laptop's lid or a restarting server does. */
export class Wire {
  readonly url: string
  readonly #pairs: Set<Socket>
  readonly #server: ReturnType<typeof createServer>
  #isCut = false

  private constructor(server: ReturnType<typeof createServer>, pairs: Set<Socket>) {
    this.#server = server
    this.#pairs = pairs
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('connection', (near) => this.#isCut && near.destroy())
  }

  static async to(target: string) {
    const { hostname, port } = new URL(target)
    const pairs = new Set<Socket>()
    const server = createServer((near) => {
      const far = connect(Number(port), hostname)
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        pairs.add(one)
        one.on('error', () => other.destroy())
        one.on('close', () => {
          pairs.delete(one)
          other.destroy()
        })
      }
      near.pipe(far)
      far.pipe(near)
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    return new Wire(server, pairs)
  }

  /** Ends every connection and refuses new ones until `mend`. */
  cut() {
    this.#isCut = true
    for (const socket of this.#pairs) socket.destroy()
  }

  mend() {
    this.#isCut = false
  }

  async close() {
    this.cut()
    await new Promise((closed) => this.#server.close(closed))
  }
}
