"use client"

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react"

type Clock = { now: number; zone: string }
const ClockContext = createContext<Clock>({ now: 0, zone: "UTC" })

/**
 * One clock and one zone for the page. It starts at the server's `now`, so that the first render in the browser equals the HTML, then ticks
 * every ten seconds while somebody looks.
 */
export function ClockProvider({ now, zone, children }: { now: number; zone: string; children: ReactNode }) {
  const [current, setCurrent] = useState(now)
  useEffect(() => {
    const tick = () => {
      if (document.visibilityState === "visible") setCurrent(Date.now())
    }
    tick()
    const timer = window.setInterval(tick, 10_000)
    document.addEventListener("visibilitychange", tick)
    return () => {
      window.clearInterval(timer)
      document.removeEventListener("visibilitychange", tick)
    }
  }, [])
  const clock = useMemo(() => ({ now: current, zone }), [current, zone])
  return <ClockContext value={clock}>{children}</ClockContext>
}

/** `now` in milliseconds of UTC and the reporting zone. */
export function useClock(): Clock {
  return useContext(ClockContext)
}
