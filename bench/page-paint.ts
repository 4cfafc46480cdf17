import type { Page } from "@playwright/test"

/** What the browser saw of one load. Sizes are those of the wire. */
export type Paint = {
  largestMs: number
  shift: number
  scriptBytes: number
  dataRequests: number
  longestTaskMs: number
}
type Seen = { largestMs: number; shift: number; longestTaskMs: number }
type Watched = Window & { seen: Seen }

/** Before a page loads: keeps what its observers tell. */
export async function observe(tab: Page): Promise<void> {
  // What is compiled here names its functions with a helper that a page does not have.
  await tab.addInitScript({ content: "globalThis.__name = (f) => f" })
  await tab.addInitScript(() => {
    const seen: Seen = { largestMs: 0, shift: 0, longestTaskMs: 0 }
    Object.assign(window, { seen })
    const watch = (type: string, take: (entry: PerformanceEntry) => void) =>
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true })
    watch("largest-contentful-paint", (entry) => {
      seen.largestMs = entry.startTime
    })
    watch("layout-shift", (entry) => {
      const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean }
      if (!hadRecentInput) seen.shift += value
    })
    watch("longtask", (entry) => {
      seen.longestTaskMs = Math.max(seen.longestTaskMs, entry.duration)
    })
  })
}

export async function readPaint(tab: Page): Promise<Paint> {
  return await tab.evaluate(() => {
    const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[]
    const of = (pattern: RegExp) => resources.filter(({ name }) => pattern.test(new URL(name).pathname))
    const data = of(/^\/api\/v1\/(?!live$)/)
    return {
      ...(window as unknown as Watched).seen,
      scriptBytes: of(/\.js$/).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      dataRequests: data.length,
    }
  })
}
