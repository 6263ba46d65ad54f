import { describe, expect, it } from 'vitest'
import { safeNext } from './safe-next'

describe('where a sign-in leads', () => {
  it.each(['/inbox', '/inbox/1?status=active#new', '/'])('%s is in the house', (next) =>
    expect(safeNext(next)).toBe(next),
  )
  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', undefined, 3])(
    '%s is not',
    (next) => expect(safeNext(next)).toBeUndefined(),
  )
})
