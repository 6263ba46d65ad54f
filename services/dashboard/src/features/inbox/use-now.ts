import { useEffect, useState } from 'react'

const TICK_MS = 1_000

/** The time, each second while something on screen counts down; otherwise as of the last change of `of`. */
export function useNow(of: unknown, isCounting = false): number {
  const [now, setNow] = useState(() => Date.now())
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of `of` is what asks for the time again.
  useEffect(() => setNow(Date.now()), [of])
  useEffect(() => {
    if (!isCounting) return
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [isCounting])
  return now
}
