import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures"
import { type Figure, rowsBehind } from "./rows"

const STARTS = [
  "/",
  "/spend",
  "/spend?by=workflow",
  "/spend?by=workflow&by=model",
  "/spend?by=team&view=table",
  "/spend?by=customer&last=7d",
  "/spend?by=release&workflow=support-answer",
  "/runs",
  "/halted",
  "/verifications",
  "/verifications?by=workflow",
  "/verifications?by=release",
].map((path) => `${path}${path.includes("?") ? "&" : "?"}project=demo`)
const ENOUGH = 200

test("every number leads to rows that sum to it, to the last digit", async ({ page, watch }) => {
  test.setTimeout(300_000)
  const seen = new Map<string, Figure>()
  const opened = new Set<string>()
  const wrong: string[] = []
  const look = async (path: string) => {
    opened.add(path)
    const answer = await page.goto(path, { waitUntil: "load" })
    expect(answer?.status(), path).toBe(200)
    await expect(page.getByRole("heading", { level: 1 }), path).toBeVisible()
    const found = await figuresOf(page)
    for (const figure of found) seen.set(`${figure.kind} ${figure.value} ${figure.href}`, figure)
    return found
  }
  for (const start of STARTS)
    expect((await look(start)).length, `${start} has numbers that lead somewhere`).toBeGreaterThan(0)
  let checked = 0
  // Numbers of the pages that were opened on the way are numbers, too: the map grows while it is walked.
  for (const figure of seen.values()) {
    const rows = await rowsBehind(page.request, figure)
    if (rows === null) continue
    checked++
    if (rows !== figure.value) wrong.push(`${figure.kind} ${figure.value} -> ${rows}: ${figure.href}`)
    if (!opened.has(figure.href) && opened.size < ENOUGH) await look(figure.href)
  }
  expect(wrong).toEqual([])
  expect(checked).toBeGreaterThanOrEqual(ENOUGH)
  expect(opened.size).toBeGreaterThanOrEqual(ENOUGH)
  expect(watch.faults).toEqual([])
})

/** Links of the page whose text is a number: its exact value stands in a title. */
async function figuresOf(page: Page): Promise<Figure[]> {
  return await page.locator("main a[href]").evaluateAll((links) =>
    links.flatMap((link) => {
      const href = link.getAttribute("href") ?? ""
      const titled = [link, ...link.querySelectorAll("[title]")].map((element) => element.getAttribute("title") ?? "")
      // A card that holds several numbers leads to a thing, not to one number's rows.
      const values = titled.filter((title) => /^-?[\d,]+(\.\d+)?( [A-Z]{3})?$/.test(title))
      const [value] = values
      if (value === undefined || values.length > 1 || !href.startsWith("/")) return []
      const isMoney = / [A-Z]{3}$/.test(value)
      return [
        { href, kind: isMoney ? ("money" as const) : ("count" as const), value: value.replace(/ [A-Z]{3}$|,/g, "") },
      ]
    }),
  )
}
