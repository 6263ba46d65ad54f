import { useEffect, useRef } from 'react'
import type { Messages } from '@/i18n'

/** The keys that the `?` window lists; each page binds its own with useKeys. */
export const KEYS: {
  group: keyof Messages['app']['keys']['groups']
  keys: [string, keyof Messages['app']['keys']['does']][]
}[] = [
  {
    group: 'everywhere',
    keys: [
      ['Ctrl K', 'palette'],
      ['?', 'help'],
      ['/', 'search'],
      ['Esc', 'leave'],
    ],
  },
  {
    group: 'go',
    keys: [
      ['g i', 'inbox'],
      ['g c', 'contacts'],
      ['g n', 'numbers'],
      ['g a', 'assistant'],
      ['g p', 'people'],
      ['g s', 'settings'],
      ['g t', 'phone'],
    ],
  },
  {
    group: 'inbox',
    keys: [
      ['j', 'next'],
      ['k', 'previous'],
      ['r', 'reply'],
      ['Ctrl ↵', 'send'],
      ['n', 'compose'],
      ['e', 'finish'],
      ['a', 'assign'],
      ['s', 'status'],
      ['l', 'label'],
      ['i', 'assistantMode'],
      ['u', 'unread'],
    ],
  },
]

const STORED = 'hilo:keys'
export const singleKeysAreOn = () => localStorage.getItem(STORED) !== 'off'
/** Single letters can be switched off (WCAG 2.1.4): they get in the way of speech input. */
export function setSingleKeys(on: boolean) {
  localStorage.setItem(STORED, on ? 'on' : 'off')
}

const IN_A_FIELD = 'input, textarea, select, [contenteditable=true]'
const IN_A_POPUP = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]'

/** Whether a letter belongs to what has the focus: a text field, a menu that finds by letters, a dialog. */
export function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return true
  const target = event.target
  return target instanceof Element && target.closest(`${IN_A_FIELD}, ${IN_A_POPUP}`) !== null
}

type Bindings = Record<string, (event: KeyboardEvent) => void>

/** Binds single keys while the component is mounted: `useKeys({ r: focusTheComposer })`. */
export function useKeys(bindings: Bindings) {
  const latest = useRef(bindings)
  latest.current = bindings
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = latest.current[event.key]
      if (!act || isTaken(event) || !singleKeysAreOn() || afterG(event)) return
      event.preventDefault()
      act(event)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

const SEQUENCE_MS = 900
let pressedG = Number.NEGATIVE_INFINITY
const afterG = (event: KeyboardEvent) => event.timeStamp - pressedG < SEQUENCE_MS

/** Binds `g` and a letter: to go somewhere. */
export function useGoKeys(go: (letter: string) => boolean) {
  const latest = useRef(go)
  latest.current = go
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event) || !singleKeysAreOn()) return
      if (event.key === 'g') {
        pressedG = event.timeStamp
      } else if (afterG(event) && latest.current(event.key)) {
        pressedG = Number.NEGATIVE_INFINITY
        event.preventDefault()
        // The page's own keys must not see the letter.
        event.stopImmediatePropagation()
      }
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [])
}
