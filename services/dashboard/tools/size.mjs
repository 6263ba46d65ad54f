// The weight of what a visitor of the inbox loads first, as it is served (brotli): it has a limit.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'

const KB = 1000
const SCRIPTS = 190 * KB
const ALL = 200 * 1024
const ROUTES = { '/inbox': 'src/features/inbox/inbox-page.tsx', '/login': 'src/features/auth/login-page.tsx' }
/** Loaded before any page: the words of the default language. */
const WORDS = 'src/i18n/es-MX.ts'

const dist = new URL('../dist/', import.meta.url).pathname
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
const served = (file) => {
  const packed = join(dist, `${file}.br`)
  return existsSync(packed) ? readFileSync(packed).length : brotliCompressSync(readFileSync(join(dist, file))).length
}

/** A chunk with everything that it imports, and its styles. */
function filesOf(key, found = new Set()) {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`${key} is not in the build`)
  if (found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const file of chunk.css ?? []) found.add(file)
  for (const next of chunk.imports ?? []) filesOf(next, found)
  return found
}

let isOver = false
for (const [route, page] of Object.entries(ROUTES)) {
  const files = new Set([...filesOf('index.html'), ...filesOf(WORDS), ...filesOf(page)])
  const sum = (test) => [...files].filter(test).reduce((bytes, file) => bytes + served(file), 0)
  const scripts = sum((file) => file.endsWith('.js'))
  const all = sum(() => true)
  const over = scripts > SCRIPTS || all > ALL
  isOver ||= over
  const kb = (bytes) => `${(bytes / KB).toFixed(1)} KB`
  console.log(`${route}: ${kb(scripts)} of scripts, ${kb(all)} in all, ${files.size} files${over ? ': TOO MUCH' : ''}`)
  if (process.argv.includes('--files')) for (const file of files) console.log(`  ${kb(served(file))} ${file}`)
}
process.exit(isOver ? 1 : 0)
