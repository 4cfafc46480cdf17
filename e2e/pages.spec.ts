import AxeBuilder from "@axe-core/playwright"
import { E2E } from "./environment"
import { expect, send, test, unique } from "./fixtures"
import { HOSTILE, haltedRun, hostileRun, unprovenRun } from "./stories"

const run = unique("page")
const PAGES = [
  "/spend",
  "/spend?by=workflow&view=table",
  "/spend/spans",
  "/runs",
  `/runs/${run}`,
  `/runs/${run}?span=a1`,
  "/halted",
  "/verifications",
  "/settings",
  "/settings/keys",
  "/settings/members",
  "/settings/ingest",
  "/settings/audit",
  "/settings/account",
]

test.beforeAll(async () => {
  await send([...haltedRun(run), ...unprovenRun(`${run}-b`)])
})

for (const theme of ["light", "dark"] as const)
  test(`no page has a serious accessibility fault in the ${theme} theme`, async ({ page }) => {
    test.slow()
    await page.emulateMedia({ colorScheme: theme })
    for (const path of PAGES) {
      await page.goto(path)
      const { violations } = await new AxeBuilder({ page }).analyze()
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical")
      expect(serious.map(({ id, nodes }) => `${path} ${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([])
    }
  })

for (const [width, height] of [
  [1440, 900],
  [360, 780],
] as const)
  test(`nothing jumps, fails or sticks out at ${width} px`, async ({ page, watch }) => {
    test.slow()
    await page.setViewportSize({ width, height })
    for (const path of PAGES) {
      await page.goto(path, { waitUntil: "load" })
      await expect(page.getByRole("main")).toBeVisible()
      await page.waitForLoadState("domcontentloaded")
      expect(await watch.layoutShift(), path).toBe(0)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(width)
    }
    expect(watch.faults).toEqual([])
  })

test("hostile names are text on every page: nothing runs, nothing is fetched", async ({ page, watch }) => {
  test.slow()
  const runs = HOSTILE.map((name, i) => ({ id: `${run}-x${i}`, name }))
  for (const { id, name } of runs) await send(hostileRun(id, name))
  const foreign: string[] = []
  page.on("request", (request) => {
    if (!request.url().startsWith(`${E2E.url}/`)) foreign.push(request.url())
  })
  const byEach = ["model", "workflow", "team", "release"].map((by) => `/spend?by=${by}`)
  const traces = runs.map(({ id }) => `/runs/${id}?span=s1`)
  for (const path of [...PAGES, ...byEach, ...traces]) {
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
