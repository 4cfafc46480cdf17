import { randomBytes } from "node:crypto"
import { test as base, expect, type Page, request } from "@playwright/test"
import { E2E } from "./environment"

/** What a page did that it must not: errors, refused loads, scripts that ran. `shifts` names what jumped without anybody's doing, and how far. */
export type Watch = { faults: string[]; shifts: () => Promise<string[]> }

type Fixtures = { watch: Watch }
type WorkerFixtures = { session: { cookies: [] | Awaited<ReturnType<typeof logIn>> } }

export const test = base.extend<Fixtures, WorkerFixtures>({
  session: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures it needs from this pattern
    async ({}, use) => use({ cookies: await logIn() }),
    { scope: "worker" },
  ],
  page: async ({ page, context, session }, use) => {
    await context.addCookies(session.cookies)
    await use(page)
  },
  watch: async ({ page }, use) => use(await watchPage(page)),
})
export { expect }

/** One log-in a worker: log-ins are limited, pages are not. */
async function logIn() {
  const api = await request.newContext({ baseURL: E2E.url, extraHTTPHeaders: { origin: E2E.url } })
  const answer = await api.post("/api/auth/login", { data: { email: E2E.email, password: E2E.password } })
  expect(answer.status(), await answer.text()).toBeLessThan(300)
  const { cookies } = await api.storageState()
  await api.dispose()
  return cookies
}

export async function watchPage(page: Page): Promise<Watch> {
  const faults: string[] = []
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) || /Content Security Policy/i.test(message.text()))
      faults.push(`console: ${message.text()}`)
  })
  page.on("pageerror", (error) => faults.push(`thrown: ${error.message}`))
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.addInitScript(() => {
    const holder = window as typeof window & { shifts: string[] }
    holder.shifts = []
    type Shift = PerformanceEntry & {
      value: number
      hadRecentInput: boolean
      sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[]
    }
    const at = ({ x, y, width, height }: DOMRectReadOnly) => [x, y, width, height].map(Math.round).join(",")
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[]) {
        if (hadRecentInput) continue
        const moved = sources.map(({ node, previousRect, currentRect }) => {
          const element = node instanceof Element ? node : node?.parentElement
          return `${element?.outerHTML.slice(0, 120)} from ${at(previousRect)} to ${at(currentRect)}`
        })
        holder.shifts.push(`${value}: ${moved.join("; ")}`)
      }
    }).observe({ type: "layout-shift", buffered: true })
  })
  return { faults, shifts: () => page.evaluate(() => (window as typeof window & { shifts: string[] }).shifts) }
}

export const LIVE = "/api/v1/live"

/** Opens a page and waits until its keys are heard: the stream of changes is asked for in the last of its effects. */
export async function openPage(page: Page, path: string) {
  const [, answer] = await Promise.all([
    page.waitForRequest((request) => request.url().includes(LIVE)),
    page.goto(path),
  ])
  return answer
}

/** Sends events as an agent would; every one of them must be taken. */
export async function send(events: object[], to: { url: string; key: string } = E2E): Promise<void> {
  const answer = await fetch(`${to.url}/api/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${to.key}`, "content-type": "application/json" },
    body: JSON.stringify({ events }),
  })
  const receipt = (await answer.json()) as { accepted: number; results: unknown[] }
  expect(receipt, JSON.stringify(receipt.results)).toMatchObject({ accepted: events.length })
}

/** A name that no other test has, short enough to be shown whole. */
export const unique = (prefix: string): string => `${prefix}-${randomBytes(4).toString("hex")}`
