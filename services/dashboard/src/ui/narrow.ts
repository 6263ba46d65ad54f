import { useSyncExternalStore } from 'react'

const query = window.matchMedia('(max-width: 767.98px)')
const subscribe = (onChange: () => void) => {
  query.addEventListener('change', onChange)
  return () => query.removeEventListener('change', onChange)
}

/** Whether panes are pages: the screen is narrower than 768 px. */
export const useIsNarrow = () => useSyncExternalStore(subscribe, () => query.matches)
