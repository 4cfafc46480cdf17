import { createHash } from "node:crypto"
import { sumMoney } from "@/lib/money"
import { monthWords } from "@/lib/month"
import { E2E } from "./environment"
import { expect, send, test, unique } from "./fixtures"
import { alertOf, receiver, tellOf } from "./receiver"
import { haltedRun, pricedRun } from "./stories"

const DAY = 86_400_000

test("a lead asks why spend doubled: the workflow, its release, that release's runs, the costliest, its span", async ({
  page,
  watch,
}) => {
  const workflow = unique("why")
  const run = (name: string, release: string, cost: string, days: number) =>
    pricedRun(`${workflow}-${name}`, { workflow, release, cost, at: new Date(Date.now() - days * DAY) })
  await send([
    ...["a", "b", "c", "d"].flatMap((name) => run(name, "1.0", "1", 9)),
    ...run("e", "1.0", "1", 3),
    ...["f", "g"].flatMap((name) => run(name, "2.0", "2", 2)),
    ...run("h", "2.0", "3", 2),
  ])
  await page.goto("/spend?last=7d&by=workflow&top=50")
  await page.getByLabel("Period before").check()
  const table = page.getByRole("region", { name: "Where it went" })
  const row = table.getByRole("row").filter({ hasText: workflow })
  await expect(row).toContainText("+$4.00 +100.0 %")
  await row.getByRole("link", { name: workflow, exact: true }).click()
  await page.getByLabel("Split by").selectOption("release")
  await expect(page).toHaveURL(new RegExp(`by=release.*workflow=${workflow}`))
  await expect(page.getByRole("heading", { level: 1 }).getByTitle("8 USD")).toBeVisible()
  const release = table.getByRole("row").filter({ has: page.getByRole("link", { name: "2.0", exact: true }) })
  await expect(release).toContainText("$7.00")
  await release.getByRole("link", { name: "Runs of 2.0" }).click()

  await expect(page).toHaveURL(/\/runs\?.*release=2\.0/)
  await page.getByLabel("Order").selectOption("cost")
  const runs = page.getByRole("row").filter({ has: page.getByRole("link", { name: workflow.slice(0, 4) }) })
  await expect(runs).toHaveCount(3)
  await expect(runs.first()).toContainText("$3.00")
  await runs.first().getByTitle(`${workflow}-h`, { exact: true }).click()

  await page.getByRole("treeitem", { name: /read everything again/ }).click()
  const panel = page.getByRole("complementary", { name: "Selected span" })
  await expect(panel.getByTitle("3 USD").first()).toBeVisible()
  await expect(panel).toContainText("90,000")
  await expect(page, "the answer is an address").toHaveURL(/span=s2/)
  expect(watch.faults).toEqual([])
})

test.describe("on call", () => {
  test.use({ viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true })

  test("a halt is told, looked into from its link, acknowledged, noted and resolved with one thumb, and the audit log has it", async ({
    page,
    watch,
  }) => {
    test.slow()
    const workflow = unique("night")
    const hook = await receiver()
    const secret = await tellOf(page, workflow, hook.url)
    await page.goto("/halted")
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible()
    await send(haltedRun(`${workflow}-1`, new Date(), workflow))
    const card = page.getByRole("listitem").filter({ hasText: `${workflow} stopped at parse` })
    await expect(card).toContainText("schema mismatch: 14 columns, not 11")

    await card.getByRole("link", { name: /last ran/ }).tap()
    await expect(page.getByRole("complementary", { name: "Selected span" })).toContainText("step.started")
    await page.goBack()
    // From the link that the message brings, the span is two taps away: the link itself, and what ran last.
    const { exceptions } = await alertOf(hook.heard, secret)
    expect(exceptions.map((one) => one.workflow)).toEqual([workflow])
    await page.goto(exceptions[0]?.url ?? "")
    const exception = page.getByRole("region", { name: "Exception", exact: true })
    await expect(exception, "it says who was told").toContainText(new RegExp(`tells of ${workflow}.*delivered`))
    await exception.getByRole("link", { name: /last ran/ }).tap()
    await expect(page.getByRole("complementary", { name: "Selected span" })).toContainText("step.started")
    await page.goto("/halted")
    await card.getByRole("button", { name: "Acknowledge" }).tap()
    await expect(card).toContainText("acknowledged")
    await card.getByRole("button", { name: "Note" }).tap()
    await page.getByRole("dialog", { name: "Add a note" }).getByRole("textbox").fill("The supplier sent a new form.")
    await page.getByRole("dialog").getByRole("button", { name: "Add" }).tap()
    await expect(page.getByRole("dialog")).toHaveCount(0)
    await card.getByRole("button", { name: "Resolve" }).tap()
    const sheet = page.getByRole("dialog", { name: "Resolve" })
    await sheet.getByLabel("bad input").check()
    await sheet.getByRole("button", { name: "Resolve" }).tap()
    await expect(card, "the list follows").toHaveCount(0)

    await page.getByRole("radio", { name: /^Resolved/ }).tap()
    await expect(card).toContainText(`${E2E.email}: bad input`)
    await card.getByRole("link", { name: `${workflow} stopped at parse` }).tap()
    const done = page.getByRole("region", { name: "What was done" })
    await expect(done.getByRole("listitem")).toContainText([
      /resolved it: bad input/,
      /wrote a note.*The supplier sent a new form\./s,
      /acknowledged it/,
    ])
    const [id = ""] = /\d+$/.exec(new URL(page.url()).pathname) ?? []
    await page.goto("/settings/audit")
    const acts = page
      .getByRole("row")
      .filter({ has: page.getByRole("cell", { name: new RegExp(`exception.*\\b${id}$`) }) })
    await expect(acts).toContainText([/resolve/, /comment/, /acknowledge/])
    await hook.close()
    expect(watch.faults).toEqual([])
  })
})

test("finance takes a month away: control total of file, page, Spend and rows are the same to the last digit", async ({
  page,
  watch,
}) => {
  await page.goto("/reports?project=demo")
  await page.getByRole("button", { name: /^Month before/ }).click()
  await expect(page).toHaveURL(/month=\d{4}-\d{2}/)
  const [month = ""] = /\d{4}-\d{2}/.exec(new URL(page.url()).searchParams.get("month") ?? "") ?? []
  const table = page.getByRole("region", { name: "Rows of the month" })
  const control = page.getByRole("region", { name: "Control total and what is missing" })
  await expect(page.getByRole("heading", { name: `${monthWords(month)} by model` })).toBeVisible()
  const headline = page.getByRole("heading", { level: 1 }).locator("[title$=USD]")
  const exact = (await headline.getAttribute("title")) ?? ""
  await expect(control.getByText(exact, { exact: true }), "the page says its control total").toBeVisible()
  const rows = await table
    .locator("tbody tr")
    .evaluateAll((all) => all.map((row) => row.querySelector("[data-cost]")?.getAttribute("data-cost") ?? ""))
  expect(`${sumMoney(rows.filter((cost) => cost !== "unpriced"))} USD`, "the rows sum to it").toBe(exact)

  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "CSV" }).click()])
  expect(download.suggestedFilename()).toContain(month)
  const file = Buffer.concat(await (await download.createReadStream()).toArray()).toString()
  const lines = file.trimEnd().split("\n")
  const sha256 = createHash("sha256")
    .update(file.slice(0, file.lastIndexOf(lines.at(-1) ?? "")))
    .digest("hex")
  expect(lines.at(-1), "the file ends with the same total").toContain(exact.split(" ")[0])
  expect(lines.at(-1), "and with the hash of what stands before").toContain(sha256)
  await expect(control).toContainText(sha256)

  await table.getByRole("link", { name: "Total" }).click()
  await expect(page).toHaveURL(/\/spend\?/)
  await expect(page.getByRole("heading", { level: 1 }).getByTitle(exact, { exact: true })).toBeVisible()
  expect(watch.faults).toEqual([])
})
