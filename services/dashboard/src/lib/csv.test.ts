import { describe, expect, it } from 'vitest'
import { firstRows } from './csv'

describe('first rows of a delimited text', () => {
  it('reads quotes, doubled quotes and line breaks inside of them', () => {
    expect(firstRows('a;"b ""x""";"c\nd"\r\n1;2;3', ';', 9)).toEqual([
      ['a', 'b "x"', 'c\nd'],
      ['1', '2', '3'],
    ])
  })
  it('stops at the limit and skips empty lines', () => {
    expect(firstRows('a,b\n\n1,2\n3,4\n', ',', 2)).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
  })
})
