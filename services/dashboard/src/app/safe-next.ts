/** A way back into the house, and to nowhere else: `//evil.example` and `/\evil.example` are other hosts. */
export function safeNext(next: unknown): string | undefined {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined
}
