import type { BrowserContext } from "@playwright/test"
import { observe } from "./page-paint"

export type PageCase = { name: string; path: (project: string) => string }

const of = (path: string) => (project: string) => `${path}${path.includes("?") ? "&" : "?"}project=${project}`
export const PAGES: PageCase[] = [
  { name: "Board", path: of("/") },
  { name: "Spend", path: of("/spend") },
  { name: "Spend, 90 days by workflow and model", path: of("/spend?by=workflow&by=model&last=90d") },
  { name: "Runs", path: of("/runs") },
  { name: "Halted", path: of("/halted") },
  { name: "Verifications", path: of("/verifications") },
  { name: "Reports", path: of("/reports") },
]

export type FilterChange = {
  name: string
  /** Milliseconds from the click to the frame that shows the new answer. */
  time: (context: BrowserContext, url: string, project: string, times: number) => Promise<number[]>
}

/** Ranges are chosen one after the other, each for the first time: none of the answers is in the browser's cache. */
const RANGES = ["7d", "90d", "24h", "30d"]

/** A click on a range, until the page has asked, been answered, and drawn that answer. */
const rangeChange = (name: string, path: string, api: string): FilterChange => ({
  name,
  async time(context, url, project, times) {
    const all: number[] = []
    while (all.length < times) {
      const tab = await context.newPage()
      await observe(tab)
      await tab.goto(`${url}${of(path)(project)}`, { waitUntil: "load" })
      await tab.waitForTimeout(500)
      for (const range of RANGES.slice(0, 3)) {
        all.push(
          await tab.evaluate(
            async ({ label, api }) => {
              const button = [...document.querySelectorAll<HTMLButtonElement>("[aria-label=Range] button")].find(
                (candidate) => candidate.textContent?.replace(/\s/g, "") === label,
              )
              if (!button) throw new Error(`there is no range ${label}`)
              const startedAt = performance.now()
              const answered = new Promise<void>((resolve) => {
                new PerformanceObserver((list, observer) => {
                  if (!list.getEntries().some((entry) => new URL(entry.name).pathname === api)) return
                  observer.disconnect()
                  resolve()
                }).observe({ type: "resource" })
              })
              button.click()
              await answered
              // The answer is in the cache; its rows are there two frames later at most.
              await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
              return performance.now() - startedAt
            },
            { label: range, api },
          ),
        )
        await tab.waitForTimeout(300)
      }
      await tab.close()
    }
    return all
  },
})

export const FILTER_CHANGES: FilterChange[] = [
  rangeChange("Spend, another range", "/spend", "/api/v1/spend"),
  rangeChange("Runs, another range", "/runs", "/api/v1/runs"),
  rangeChange("Verifications, another range", "/verifications", "/api/v1/verifications/series"),
]
