// Lighthouse on the inbox of the running Hilo (deploy/with-hilo.sh), signed in, as a desktop sees it.
// Prints the scores and the size of the first load; fails under the budget. Report: target/lighthouse/.
import { mkdirSync, writeFileSync } from 'node:fs'
import { launch } from 'chrome-launcher'
import lighthouse, { desktopConfig } from 'lighthouse'

/** Of 100. */
const LEAST = { performance: 95, accessibility: 95, 'best-practices': 95 }
/** Of the scripts of the first load, as compressed on the wire. */
const MOST_SCRIPT_KIB = 200
/** A machine that is busy with something else costs points; the best of a few is what the page can do. */
const RUNS = 3

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const setting = (name) => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run this beside deploy/with-hilo.sh`)
  return value
}
const base = setting('HILO_URL').replace(/\/$/, '')
const out = new URL('../../../target/lighthouse/', import.meta.url)

async function signIn() {
  const answer = await fetch(`${base}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: setting('HILO_EMAIL'), password: setting('HILO_PASSWORD') }),
  })
  if (!answer.ok) throw new Error(`POST /api/session: ${answer.status}`)
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

async function look(cookie) {
  const chrome = await launch({ chromeFlags: FLAGS })
  try {
    const options = {
      port: chrome.port,
      output: ['html', 'json'],
      logLevel: 'error',
      onlyCategories: Object.keys(LEAST),
      extraHeaders: { cookie },
      // The stream of live events never ends: the network is not idle, and need not be waited for.
      maxWaitForLoad: 20_000,
    }
    return await lighthouse(`${base}/inbox`, options, desktopConfig)
  } finally {
    await chrome.kill()
  }
}

const scores = ({ lhr }) =>
  Object.fromEntries(Object.keys(LEAST).map((name) => [name, Math.round((lhr.categories[name]?.score ?? 0) * 100)]))
const meets = (result) => Object.entries(LEAST).every(([name, least]) => scores(result)[name] >= least)

/** What the first load carries, as compressed and without headers, in KiB. */
async function firstLoad({ lhr }) {
  const requests = lhr.audits['network-requests'].details.items
  const size = async (type) => {
    let bytes = 0
    for (const { url } of requests.filter((request) => request.resourceType === type)) {
      const answer = await fetch(url, { headers: { 'accept-encoding': 'br' } })
      bytes += Number(answer.headers.get('content-length'))
      await answer.body?.cancel()
    }
    return bytes / 1024
  }
  return { script: await size('Script'), style: await size('Stylesheet'), font: await size('Font') }
}

const cookie = await signIn()
let best
for (let run = 1; run <= RUNS; run++) {
  const result = await look(cookie)
  if (result.lhr.runtimeError) throw new Error(result.lhr.runtimeError.message)
  console.log(`run ${run}: ${Object.entries(scores(result)).map(([name, score]) => `${name} ${score}`).join(', ')}`)
  if (!best || scores(result).performance > scores(best).performance) best = result
  if (meets(best)) break
}

mkdirSync(out, { recursive: true })
writeFileSync(new URL('inbox.html', out), best.report[0])
writeFileSync(new URL('inbox.json', out), best.report[1])

const { audits, finalDisplayedUrl } = best.lhr
const load = await firstLoad(best)
const seconds = (name) => `${(audits[name].numericValue / 1000).toFixed(2)} s`
console.log(`page: ${new URL(finalDisplayedUrl).pathname}`)
console.log(
  `first contentful paint ${seconds('first-contentful-paint')}, largest ${seconds('largest-contentful-paint')}, ` +
    `blocked ${Math.round(audits['total-blocking-time'].numericValue)} ms, ` +
    `shift ${audits['cumulative-layout-shift'].numericValue.toFixed(3)}`,
)
console.log(
  `first load: scripts ${load.script.toFixed(1)} KiB, styles ${load.style.toFixed(1)} KiB, fonts ${load.font.toFixed(1)} KiB`,
)

const faults = []
if (new URL(finalDisplayedUrl).pathname !== '/inbox') faults.push(`the page was ${finalDisplayedUrl}, not the inbox`)
for (const [name, least] of Object.entries(LEAST)) {
  if (scores(best)[name] < least) faults.push(`${name} ${scores(best)[name]} is under ${least}`)
}
if (load.script > MOST_SCRIPT_KIB) faults.push(`scripts of ${load.script.toFixed(1)} KiB are over ${MOST_SCRIPT_KIB}`)
for (const { score, scoreDisplayMode, title, id } of Object.values(audits)) {
  if (faults.length > 0 && score !== null && score < 0.9 && scoreDisplayMode !== 'informative') {
    console.log(`  ${id}: ${title}`)
  }
}
for (const fault of faults) console.error(`lighthouse: ${fault}`)
process.exitCode = faults.length > 0 ? 1 : 0
