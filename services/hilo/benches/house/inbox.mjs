// Opens a conversation in a browser and says when each text is on the screen: a line `ready`, then one
// line of JSON a text, { folio, at } with `at` in milliseconds since 1970.
//
//     node inbox.mjs DASHBOARD CHROMIUM BASE PATH EMAIL PASSWORD
import { createRequire } from 'node:module'

const [dashboard, executablePath, base, path, email, password] = process.argv.slice(2)
const { chromium } = createRequire(`${dashboard}/package.json`)('playwright-core')

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
const page = await browser.newPage()
page.on('console', (message) => {
  if (message.text().startsWith('seen ')) console.log(message.text().slice(5))
})
await page.addInitScript(() => {
  const seen = new Set()
  new MutationObserver(() => {
    const at = performance.timeOrigin + performance.now()
    for (const [, folio] of document.body?.textContent?.matchAll(/folio (\d{6})/g) ?? []) {
      if (seen.has(folio)) continue
      seen.add(folio)
      console.log(`seen ${JSON.stringify({ folio, at })}`)
    }
  }).observe(document, { childList: true, characterData: true, subtree: true })
})
await page.goto(`${base}/login`)
const signedIn = await page.evaluate(async (body) => {
  const headers = { 'content-type': 'application/json' }
  return (await fetch('/api/session', { method: 'POST', headers, body: JSON.stringify(body) })).status
}, { email, password })
if (signedIn !== 200) throw new Error(`the sign-in was answered with ${signedIn}`)
const live = page.waitForResponse((response) => response.url().includes('/api/live'))
await page.goto(`${base}${path}`)
await live
console.log('ready')
