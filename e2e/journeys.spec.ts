import { expect, openPage, send, test, unique } from "./fixtures"
import { haltedRun, pricedRun, unprovenRun } from "./stories"

test("a run that halts appears on an open page by itself, with its step, reason, cost and trace", async ({
  page,
  watch,
}) => {
  const run = unique("halted")
  await page.goto("/halted")
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible()
  await send(haltedRun(run))
  const link = page.getByTitle(run, { exact: true })
  const card = page.getByRole("listitem").filter({ has: link })
  await expect(card).toContainText("invoice-extraction stopped at parse")
  await expect(card).toContainText("schema mismatch: 14 columns, not 11")
  await expect(card.getByRole("link", { name: /last ran/ })).toHaveAttribute("href", /span=/)

  await link.click()
  await expect(page.getByRole("region", { name: "What is wrong" })).toContainText("Halted at step parse")
  await expect(page.getByRole("navigation", { name: "Plan" }).getByRole("listitem")).toContainText([
    /fetch/,
    /parse/,
    /load/,
  ])
  await page.getByRole("treeitem", { name: /extract fields/ }).click()
  const panel = page.getByRole("complementary", { name: "Selected span" })
  await expect(panel).toContainText("1,200 × $3.00/M")
  await expect(panel.getByRole("region", { name: "Output" })).toContainText("its fields")
  await expect(page, "the selection is in the address").toHaveURL(/span=a1/)
  await page.reload()
  await expect(panel).toContainText("Reported by the source")
  expect(watch.faults).toEqual([])
})

test("success claimed over a skipped step is unproven, and says which step and which check", async ({ page }) => {
  const run = unique("unproven")
  // Over by now: the page shows what was verified until now.
  await send(unprovenRun(run, new Date(Date.now() - 60_000)))
  await page.goto(`/runs/${run}`)
  const why = page.getByRole("region", { name: "What is wrong" })
  await expect(why).toContainText("enrich")
  await expect(why).toContainText("row_count_check")
  await expect(page.getByRole("navigation", { name: "Plan" })).toContainText("never ran")

  await page.goto("/verifications")
  // The group of its failures names its newest run too.
  const row = page.getByRole("region", { name: "Results" }).getByRole("row").filter({ hasText: run })
  await expect(row).toContainText("312 rows are missing")
  await expect(row).toContainText("failed")
})

test("the rows of Spend add up to its headline, and the CSV of the page to the same digits", async ({ page }) => {
  // Of its own workflow: what other tests send meanwhile is in no figure here.
  const workflow = unique("money")
  const at = new Date(Date.now() - 60_000)
  const priced = pricedRun(`${workflow}-2`, { workflow, release: "1.0", cost: "0.3", at })
  await send([...haltedRun(`${workflow}-1`, at, workflow), ...priced])
  await page.goto(`/spend?by=release&workflow=${workflow}`)
  const headline = await page.getByRole("heading", { level: 1 }).locator("[title]").getAttribute("title")
  const table = page.getByRole("region", { name: "Where it went" })
  const total = table.getByRole("row", { name: /^Total/ }).locator("[title$='USD']")
  await expect(total).toHaveAttribute("title", headline ?? "")
  const exact = await table
    .locator("tbody tr td:nth-child(2) [title$='USD']")
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("title")?.split(" ")[0] ?? ""))
  expect(sum(exact)).toBe(sum([headline?.split(" ")[0] ?? ""]))

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    table.getByRole("link", { name: "CSV" }).click(),
  ])
  const csv = await (await download.createReadStream()).toArray()
  const trailer = Buffer.concat(csv).toString().trimEnd().split("\n").at(-1) ?? ""
  expect(trailer, "the control total is the headline").toContain(headline?.split(" ")[0] ?? "?")
})

test("a figure leads to its spans, and they add up to it", async ({ page }) => {
  const workflow = unique("drill")
  await send(haltedRun(`${workflow}-1`, new Date(Date.now() - 60_000), workflow))
  await page.goto(`/spend?by=workflow&workflow=${workflow}`)
  const row = page.getByRole("row").filter({ hasText: workflow })
  const cost = await row.locator("td").first().innerText()
  await row.locator("td").first().getByRole("link").click()
  await expect(page).toHaveURL(new RegExp(`/spend/spans\\?.*workflow=${workflow}`))
  await expect(page.getByRole("heading", { level: 1 })).toContainText(cost)
})

test("the whole way to a trace goes by keyboard alone", async ({ page }) => {
  const run = unique("keys")
  await send(haltedRun(run))
  await openPage(page, "/spend")
  await page.keyboard.press("Tab")
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused()
  await page.keyboard.press("Enter")
  await page.keyboard.press("g")
  await page.keyboard.press("r")
  await expect(page).toHaveURL(/\/runs/)
  // The row's own link comes first; its cost leads to the same trace.
  const link = page.getByRole("row").filter({ hasText: run }).getByRole("link").first()
  await link.focus()
  await page.keyboard.press("j")
  await page.keyboard.press("k")
  await expect(link).toBeFocused()
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(new RegExp(`/runs/${run}`))
  await page.getByRole("tree", { name: "Spans" }).focus()
  await page.keyboard.press("j")
  await page.keyboard.press("Enter")
  await expect(page.getByRole("complementary", { name: "Selected span" })).toBeVisible()
  await page.keyboard.press("Escape")
  await expect(page.getByRole("complementary", { name: "Selected span" })).toHaveCount(0)
})

test("a filter, a range and the way back are in the address", async ({ page }) => {
  await send(haltedRun(unique("url")))
  await page.goto("/runs")
  const halted = page.getByRole("region", { name: "Status" }).getByRole("button", { name: /^halted/ })
  await halted.click()
  await expect(page).toHaveURL(/status=halted/)
  await page.getByRole("button", { name: "7 d", exact: true }).click()
  await expect(page).toHaveURL(/last=7d.*status=halted/)
  await page.goBack()
  await expect(page).toHaveURL(/\/runs\?status=halted$/)
  await expect(halted).toHaveAttribute("aria-pressed", "true")
})

/** Exact sum of decimal texts, as units of 10^-24. */
function sum(texts: string[]): bigint {
  return texts.reduce((all, text) => {
    const [whole = "0", fraction = ""] = text.split(".")
    return all + BigInt(whole + fraction.padEnd(24, "0"))
  }, 0n)
}
