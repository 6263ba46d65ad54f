import { useSyncExternalStore } from 'react'

const root = document.documentElement
const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function setTheme(dark: boolean) {
  root.dataset.theme = dark ? 'dark' : 'light'
  localStorage.setItem('theme', root.dataset.theme)
  for (const listener of listeners) listener()
}

/** Light or dark; public/theme.js sets it before the first paint. */
export function useTheme() {
  const isDark = useSyncExternalStore(subscribe, () => root.dataset.theme === 'dark')
  return { isDark, setTheme }
}
