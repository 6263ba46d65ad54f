// Writes src/api/schema.d.ts, the types of openapi.json. With --check it only tells whether they are fresh.
import { readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript'

const TO = 'src/api/schema.d.ts'
const tree = await openapiTS(new URL('../openapi.json', import.meta.url), { alphabetize: true })
const fresh = COMMENT_HEADER + astToString(tree)
if (!process.argv.includes('--check')) {
  writeFileSync(TO, fresh)
} else if (readFileSync(TO, 'utf8') !== fresh) {
  console.error(`${TO} is not what openapi.json says: npm run gen:api`)
  process.exit(1)
}
