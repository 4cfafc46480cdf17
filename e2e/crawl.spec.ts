import type { Browser, Page } from "@playwright/test"
import { type Figure, figuresOf } from "./figures"
import { expect, test } from "./fixtures"
import { rowReader } from "./rows"

/** Where the walk begins, by the page that each belongs to. Nothing else writes into these projects. */
const STARTS: Record<string, string[]> = {
  Board: ["/?project=demo", "/?project=cases", "/?project=demo&team=finance"],
  Spend: [
    "/spend?project=demo",
    "/spend?project=demo&by=workflow&compare=previous&last=7d",
    "/spend?project=demo&by=workflow&by=model",
    "/spend?project=demo&by=team&view=table",
    "/spend?project=demo&by=customer&last=7d",
    "/spend?project=demo&by=release&workflow=support-answer&shape=per_run",
    "/spend?project=demo&by=step&metric=tokens&top=3",
    "/spend?project=demo&by=key&metric=calls&last=90d&compare=previous&tz=Asia/Kathmandu",
    "/spend?project=cases&by=provider",
  ],
  Runs: ["/runs?project=demo", "/runs?project=demo&last=7d&workflow=support-answer", "/runs?project=cases"],
  Halted: ["/halted?project=cases", "/halted?project=demo&state=resolved"],
  Verifications: [
    "/verifications?project=demo",
    "/verifications?project=demo&by=workflow&view=table",
    "/verifications?project=demo&by=release&last=7d",
    "/verifications?project=demo&by=model",
  ],
  Reports: ["/reports?project=demo", "/reports?project=demo&by=team", "/reports?project=demo&by=customer"],
}
const ENOUGH = 200
/** Numbers that each page leads to rows from, at least. */
const EACH = 10

test("every number leads to rows that sum to it, to the last digit", async ({ browser, page, session, watch }) => {
  test.setTimeout(240_000)
  const rowsBehind = rowReader(page.request)
  const figures = new Map<string, Figure>()
  const opened = new Set<string>()
  const checked: Record<string, number> = {}
  const wrong: string[] = []
  const look = async (on: Page, href: string, of: string) => {
    opened.add(href)
    const answer = await on.goto(href)
    expect(answer?.status(), href).toBe(200)
    await expect(on.getByRole("heading", { level: 1 }), href).toBeVisible()
    const found = await figuresOf(on, of)
    wrong.push(...found.vague.map((text) => `${href} does not say exactly what ${text}`))
    for (const figure of found.figures) figures.set(`${figure.kind} ${figure.value} ${figure.href}`, figure)
  }
  for (const [name, hrefs] of Object.entries(STARTS))
    for (const href of hrefs) {
      await look(page, href, name)
      if (href === STARTS.Runs?.[0]) for (const figure of await facetsOf(page)) figures.set(figure.href, figure)
    }
  // A count within a sentence is a number, too: the demo has had runs that are over in any seven days.
  const finished = [...figures.values()].filter(({ href }) => /^\/runs\?last=7d&.*status=succeeded/.test(href))
  expect(finished.map(({ page: of, kind }) => `${of} ${kind}`)).toContain("Board count")
  const plain = await withoutScripts(browser, session.cookies)
  // Numbers of the pages that were opened on the way are numbers, too: the map grows while it is walked.
  for (const figure of figures.values()) {
    const { page: of, href, kind, value, said } = figure
    const reading = rowsBehind(figure).catch((error: Error) => error.message)
    if (!opened.has(href) && opened.size < ENOUGH) {
      await look(plain, href, of)
      if (!(await says(plain, figure))) wrong.push(`${of}: "${said}" is ${kind} ${value}, which ${href} does not say`)
    }
    const rows = await reading
    if (rows !== value) wrong.push(`${of}: "${said}" is ${kind} ${value}, its rows ${rows}: ${href}`)
    checked[of] = (checked[of] ?? 0) + 1
  }
  await plain.context().close()
  expect(wrong).toEqual([])
  expect(opened.size).toBeGreaterThanOrEqual(ENOUGH)
  for (const name of Object.keys(STARTS)) expect(checked[name], name).toBeGreaterThanOrEqual(EACH)
  expect(watch.faults).toEqual([])
  const each = Object.entries(checked).map(([name, count]) => `${name} ${count}`)
  process.stdout.write(`Numbers that lead to their rows: ${each.join(", ")}; ${opened.size} of their pages opened\n`)
})

/** Most pages are walked without scripts: what a page says is in its HTML, and pages.spec.ts looks at the scripts. */
async function withoutScripts(browser: Browser, cookies: Parameters<ReturnType<Page["context"]>["addCookies"]>[0]) {
  const context = await browser.newContext({ javaScriptEnabled: false })
  await context.addCookies(cookies)
  return await context.newPage()
}

/** Whether the opened page shows the number that led there, as exactly. */
async function says(page: Page, { kind, value, href }: Figure): Promise<boolean> {
  // Tokens are told apart by kind on their page, and a list of exceptions counts them, not their runs.
  if (kind === "tokens" || /^\/halted(\?|$)/.test(href)) return true
  const main = page.getByRole("main")
  if (kind === "money") {
    if (value === "unpriced") return (await main.getByText("unpriced").count()) > 0
    return (await main.locator(`[title^="${value} "]`).count()) > 0
  }
  const shown = Number(value).toLocaleString("en-US")
  return new RegExp(`(^|[^\\d,.])${shown}($|[^\\d,.])|^No`, "m").test(await main.innerText())
}

/** Counts of each facet's first values, with where a press on each leads. */
async function facetsOf(page: Page): Promise<Figure[]> {
  const figures: Figure[] = []
  const start = page.url()
  const facets = page.getByRole("complementary", { name: "Filters" })
  const names = await facets.getByRole("heading", { level: 3 }).allInnerTexts()
  for (const name of names) {
    const facet = facets.getByRole("region", { name })
    const titles = await facet
      .locator("[aria-pressed=false]")
      .evaluateAll((all) => all.map((one) => one.getAttribute("title") ?? ""))
    for (const title of titles.slice(0, 3)) {
      const [, said = "", count = "", unit = ""] = /^(.*): ([\d,]+) (run|call)s?$/s.exec(title) ?? []
      const value = facet.getByTitle(title, { exact: true })
      await value.click()
      await expect(value).toHaveAttribute("aria-pressed", "true")
      const { pathname, search } = new URL(page.url())
      // The answer changes the counts under the pointer: the second press is of the list that came with it.
      await expect(facets.locator("[aria-busy=true]")).toHaveCount(0)
      await value.click()
      await expect(page).toHaveURL(start)
      // One run makes calls of many models: those values count calls, and are so marked.
      const href = unit === "call" ? `/spend/spans${search}` : pathname + search
      figures.push({ page: "Runs", href, kind: "count", value: count.replaceAll(",", ""), said, column: "" })
    }
  }
  return figures
}
