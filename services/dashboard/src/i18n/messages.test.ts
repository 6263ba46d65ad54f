import { describe, expect, it } from 'vitest'

type Tree = { [key: string]: string | Tree }
const files = import.meta.glob<Tree>('./messages/*.json', { eager: true, import: 'default' })

function keysOf(tree: Tree, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${prefix}${key}`] : keysOf(value, `${prefix}${key}.`),
  )
}

/** The names between braces, so that a translation cannot lose or misspell an argument. */
function argumentsOf(tree: Tree, key: string): string[] {
  const message = key.split('.').reduce<string | Tree | undefined>((at, part) => (at as Tree)?.[part], tree)
  const names = [...String(message).matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name ?? '')
  return [...new Set(names)].sort()
}

const spanish = Object.keys(files).filter((file) => file.endsWith('.es-MX.json'))

describe('messages', () => {
  it('have a file in both languages', () => {
    expect(Object.keys(files).length).toBe(spanish.length * 2)
  })

  it.each(spanish)('%s has the keys and the arguments of its English twin', (file) => {
    const [es, en] = [files[file], files[file.replace('es-MX', 'en')]]
    if (!es || !en) throw new Error('a twin is missing')
    expect(keysOf(en).sort()).toEqual(keysOf(es).sort())
    for (const key of keysOf(es)) expect([key, argumentsOf(en, key)]).toEqual([key, argumentsOf(es, key)])
  })

  it.each(Object.keys(files))('%s has no empty message', (file) => {
    const tree = files[file] as Tree
    const empty = keysOf(tree).filter(
      (key) => key.split('.').reduce<unknown>((at, part) => (at as Tree)[part], tree) === '',
    )
    expect(empty).toEqual([])
  })
})
