import AxeBuilder from "@axe-core/playwright"
import type { APIRequestContext, Page } from "@playwright/test"
import { E2E } from "./environment"
import { expect, LIVE, openPage, send, test, unique } from "./fixtures"
import { HOSTILE, haltedRun, hostileRun } from "./stories"

/** The projects whose pages are looked at: a month of everyday, and names that break screens. */
const PROJECTS = ["demo", "awkward"] as const
const SIZES = [
  { width: 1440, height: 900 },
  { width: 360, height: 780 },
] as const
/** What a page may ask the API for by itself once it stands: all else its HTML holds already. */
const ASKED_LATER: readonly RegExp[] = []

/** Every page, with all of what its address can show that is not a filter alone. */
async function pagesOf(api: APIRequestContext, project: string): Promise<string[]> {
  const first = async (path: string): Promise<string[]> => {
    const answer = await api.get(`/api/v1/${path}&project=${project}`)
    const { items } = (await answer.json()) as { items: { id: string }[] }
    return items.map(({ id }) => encodeURIComponent(id))
  }
  const [a, b] = await first("runs?limit=2&last=365d&sort=cost")
  const [halted] = await first("exceptions?limit=1&state=resolved&state=unack_active")
  const [span] = await first(`runs/${a}/spans?limit=1`)
  const pages = [
    "/",
    "/?view=wall",
    "/spend",
    "/spend?by=workflow&view=table&compare=previous",
    "/spend?by=workflow&by=model&shape=cumulative&last=7d",
    "/spend?by=workflow&shape=per_run",
    "/spend/spans",
    "/runs",
    "/runs?status=succeeded&sort=cost",
    `/runs/${a}`,
    `/runs/${a}?span=${span}`,
    `/runs/compare?a=${a}&b=${b}`,
    "/halted",
    "/halted?state=resolved",
    `/halted/${halted}`,
    "/exceptions",
    "/exceptions/numbers",
    "/verifications",
    "/verifications?by=release&view=table",
    "/verifications/results",
    "/reports",
    "/reports?by=team",
    "/settings",
    "/settings/account",
    "/settings/alerts",
    "/settings/audit",
    "/settings/budgets",
    "/settings/demo",
    "/settings/ingest",
    "/settings/keys",
    "/settings/ledger",
    "/settings/members",
    "/settings/policies",
    "/settings/prices",
    "/settings/quality",
  ]
  expect(`${a} ${b} ${halted} ${span}`, `${project} has what its pages show`).not.toContain("undefined")
  return pages.map((path) => `${path}${path.includes("?") ? "&" : "?"}project=${project}`)
}

async function faultsOf(page: Page, rules?: string[]): Promise<string[]> {
  // No frames here, and of what passes no word is needed: both are most of the time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] })
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical")
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)
}

test.describe("every page", () => {
  test.describe.configure({ mode: "parallel" })
  for (const project of PROJECTS)
    for (const size of SIZES)
      test(`of ${project} at ${size.width} px: nothing jumps, sticks out, warns, asks twice or shuts anybody out`, async ({
        page,
        watch,
      }) => {
        test.setTimeout(180_000)
        await page.setViewportSize(size)
        // Fonts and scripts are there from the log-in; then a line on which a page comes in pieces: what is painted before it is whole would move.
        await page.goto("/settings/account")
        const line = await page.context().newCDPSession(page)
        await line.send("Network.emulateNetworkConditions", {
          offline: false,
          latency: 0,
          downloadThroughput: 1_000_000,
          uploadThroughput: 1_000_000,
        })
        const asked: string[] = []
        let isTold = false
        page.on("request", (request) => {
          const { pathname, search } = new URL(request.url())
          if (!isTold && pathname.startsWith("/api/v1/") && pathname !== LIVE) asked.push(pathname + search)
        })
        // What the stream says has changed is rightly asked for again: time alone escalates a halt that nobody acknowledges.
        line.on("Network.eventSourceMessageReceived", ({ eventName }) => {
          isTold ||= eventName === "change"
        })
        await line.send("Network.enable")
        const wrong: string[] = []
        for (const path of await pagesOf(page.request, project)) {
          const note = (what: string) => wrong.push(`${path}: ${what}`)
          asked.length = 0
          isTold = false
          await page.emulateMedia({ colorScheme: "light" })
          // By then it has asked for all else, too.
          const answer = await openPage(page, path)
          if (answer?.status() !== 200) note(`answered ${answer?.status()}`)
          await expect(page.getByRole("heading", { level: 1 }), path).toHaveCount(1)
          for (const fault of await faultsOf(page)) note(fault)
          await page.emulateMedia({ colorScheme: "dark" })
          for (const fault of await faultsOf(page, ["color-contrast"])) note(`in the dark ${fault}`)
          for (const shift of await watch.shifts()) note(`shifts by ${shift}`)
          const wide = await page.evaluate(() => document.documentElement.scrollWidth)
          if (wide > size.width) note(`is ${wide} px wide`)
          for (const one of asked) if (!ASKED_LATER.some((known) => known.test(one))) note(`asks for ${one}`)
          for (const fault of watch.faults.splice(0)) note(fault)
        }
        expect(wrong).toEqual([])
      })
})

test("hostile names are text on every page: nothing runs, nothing is fetched", async ({ page, watch }) => {
  test.slow()
  const run = unique("hostile")
  const runs = HOSTILE.map((name, i) => ({ id: `${run}-x${i}`, name }))
  for (const { id, name } of runs) await send(hostileRun(id, name))
  const foreign: string[] = []
  page.on("request", (request) => {
    if (!request.url().startsWith(`${E2E.url}/`)) foreign.push(request.url())
  })
  const byEach = ["model", "workflow", "team", "release"].map((by) => `/spend?by=${by}`)
  const lists = ["/", "/runs", "/halted", "/verifications", "/verifications/results", "/reports", "/reports?by=team"]
  const rest = ["/spend/spans", "/settings/prices", "/settings/audit", `/runs/compare?a=${run}-x0&b=${run}-x1`]
  const traces = runs.map(({ id }) => `/runs/${id}?span=s1`)
  for (const path of [...lists, ...rest, ...byEach, ...traces]) {
    await page.goto(path)
    await expect(page.getByRole("main")).toBeVisible()
    expect(await page.evaluate(() => "__xss" in window), path).toBe(false)
  }
  await page.goto(`/runs/${runs[0]?.id}?span=s1`)
  await expect(page.getByRole("heading", { level: 1 })).toContainText("<script>window.__xss=1</script>")
  await page.goto("/spend?by=model")
  const chart = page.getByRole("application")
  const box = await chart.boundingBox()
  // The newest bucket is the last.
  await chart.hover({ position: { x: (box?.width ?? 0) - 24, y: (box?.height ?? 0) / 2 } })
  await expect(page.locator(".chart-tip")).toContainText("<script>")
  expect(await page.evaluate(() => "__xss" in window)).toBe(false)
  expect(foreign).toEqual([])
  expect(watch.faults).toEqual([])
})

test("the first HTML holds the data and the reader's theme, before any script runs", async ({ browser, session }) => {
  const run = unique("page")
  await send(haltedRun(run))
  const context = await browser.newContext({ javaScriptEnabled: false })
  await context.addCookies([...session.cookies])
  const page = await context.newPage()
  await page.goto("/runs")
  await expect(page.getByRole("row").filter({ hasText: run }).first()).toBeVisible()
  await context.addCookies([{ name: "andon_theme", value: "dark", url: page.url() }])
  await page.goto("/spend")
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark")
  await expect(page.getByRole("region", { name: "Where it went" }).getByRole("row", { name: /^Total/ })).toBeVisible()
  await context.close()
})
