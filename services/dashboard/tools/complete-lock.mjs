// Adds lock entries for the optional platform packages that a registry does not serve, so that
// `npm ci` accepts the lock. Run it after every `npm install`.
import { readFileSync, writeFileSync } from 'node:fs'

const FILE = 'package-lock.json'
const OS = /(android|darwin|freebsd|linux|openbsd|netbsd|sunos|aix|openharmony|win32)/
const CPU = /(arm64|x64|ia32|arm|ppc64|riscv64|s390x|loong64|mips64el|wasm32)/

const lock = JSON.parse(readFileSync(FILE, 'utf8'))

/** Whether `name` is found from the package at `from`, the way Node looks for it. */
function found(from, name) {
  for (let at = from; ; at = at.slice(0, at.lastIndexOf('/node_modules/'))) {
    if (lock.packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true
    if (!at.includes('/node_modules/')) break
  }
  return lock.packages[`node_modules/${name}`] !== undefined
}

let added = 0
for (const [from, entry] of Object.entries(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (found(from, name)) continue
    const os = OS.exec(name)?.[1] ?? 'none'
    const libc =
      os !== 'linux' ? undefined : /musl/.test(name) ? ['musl'] : /gnu|glibc/.test(name) ? ['glibc'] : undefined
    lock.packages[`node_modules/${name}`] = {
      version: range.replace(/^[~^]/, ''),
      cpu: [CPU.exec(name)?.[1] ?? 'none'],
      ...(libc && { libc }),
      dev: true,
      optional: true,
      os: [os],
    }
    added++
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`complete-lock: ${added} entries added`)
