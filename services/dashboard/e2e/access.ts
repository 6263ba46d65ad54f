import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** WCAG 2.2 AA: each version's criteria have a tag of their own. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

interface Violation {
  id: string
  help: string
  nodes: { target: string[]; failureSummary?: string }[]
}

/** What axe finds wrong with the page as it is now, a line each. */
export async function violations(page: Page): Promise<string[]> {
  // As a string: a script element would be refused by the page's content security policy.
  await page.evaluate(AXE)
  const found = await page.evaluate(
    (tags) =>
      (
        globalThis as unknown as {
          axe: { run: (context: object, options: object) => Promise<{ violations: unknown }> }
        }
      ).axe.run(
        // React Aria's own announcer: text for screen readers alone, emptied after a moment.
        { exclude: ['[data-live-announcer]'] },
        { runOnly: tags, resultTypes: ['violations'] },
      ),
    TAGS,
  )
  return (found.violations as Violation[]).flatMap((violation) =>
    violation.nodes.map(
      (node) => `${violation.id} (${violation.help}) at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`,
    ),
  )
}

/** Until nothing moves: no running transition, no skeleton, fonts there. A colour half way through a fade has no contrast. */
export async function settled(page: Page) {
  await page.evaluate(async () => {
    await document.fonts.ready
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})))
  })
}
