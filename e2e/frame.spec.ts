import { expect, send, test, unique } from "./fixtures"
import { haltedRun } from "./stories"

test("search finds a run, a workflow and a page by keyboard, and gives the focus back", async ({ page, watch }) => {
  const run = unique("find")
  await send(haltedRun(run))
  await page.goto("/spend")
  const box = page.getByRole("combobox", { name: /Search/ })
  // Keys are heard from when the page's script runs.
  await expect(async () => {
    await page.keyboard.press("/")
    await expect(box).toBeFocused({ timeout: 1_000 })
  }).toPass()
  await box.fill(run)
  const options = page.getByRole("listbox").getByRole("option")
  const found = options.filter({ hasText: run, hasNotText: "Search all" })
  await expect(found).toHaveAttribute("aria-selected", "true")
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(new RegExp(`/runs/${run}`))
  await page.keyboard.press("Control+k")
  await expect(options.first()).toContainText(run)
  await box.fill("audit")
  await expect(options.first()).toContainText("Audit log")
  await page.keyboard.press("Escape")
  await expect(box).toHaveCount(0)
  expect(watch.faults).toEqual([])
})

test("a page is kept under a name, opened by it, renamed and deleted", async ({ page, watch }) => {
  const name = unique("view")
  await page.goto("/spend?by=workflow&last=7d")
  const menu = page.getByLabel("Saved views").first()
  await menu.click()
  await page.getByLabel("Name of the view").fill(`${name} <b>x</b>`)
  await page.getByRole("button", { name: "Save", exact: true }).click()
  await expect(page.getByRole("status").getByText(`Saved "${name} <b>x</b>"`)).toBeVisible()
  await page.goto("/runs")
  await menu.click()
  await page.getByRole("link", { name: `${name} <b>x</b>` }).click()
  await expect(page).toHaveURL(/\/spend\?by=workflow&last=7d/)
  await menu.click()
  await page.getByRole("button", { name: `Change the view ${name}` }).click()
  await page.getByLabel(/New name of/).fill(`${name} two`)
  await page.getByRole("button", { name: "Keep" }).click()
  await page.getByRole("button", { name: `Delete the view ${name} two` }).click()
  await expect(page.getByText(`Deleted "${name} two"`)).toBeVisible()
  expect(watch.faults).toEqual([])
})

test("range and zone are in the address; each change is one step back, and the same one again none", async ({
  page,
}) => {
  await page.goto("/spend")
  await page.getByRole("button", { name: "7 d", exact: true }).click()
  await page.getByRole("button", { name: "7 d", exact: true }).click()
  await page.getByLabel(/^Zone: /).click()
  await page.getByLabel("Another zone").fill("Asia/Kathmandu")
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(/last=7d&tz=Asia%2FKathmandu/)
  await expect(page.getByLabel("Zone: Asia/Kathmandu")).toBeVisible()
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Runs" }).click()
  await expect(page).toHaveURL(/\/runs\?last=7d&tz=Asia%2FKathmandu/)
  await page.goBack()
  await page.goBack()
  await expect(page).toHaveURL(/\/spend\?last=7d$/)
  await page.goBack()
  await expect(page).toHaveURL(/\/spend$/)
  await page.goForward()
  await expect(page).toHaveURL(/\/spend\?last=7d$/)
})

test("back from a run finds the list where it was left", async ({ page }) => {
  await send(Array.from({ length: 40 }, () => haltedRun(unique("scroll"))).flat())
  await page.setViewportSize({ width: 1280, height: 600 })
  await page.goto("/runs")
  const link = page.getByRole("row").nth(20).getByRole("link").first()
  await link.scrollIntoViewIfNeeded()
  const left = await page.evaluate(() => window.scrollY)
  expect(left).toBeGreaterThan(300)
  await link.click()
  await expect(page).toHaveURL(/\/runs\/./)
  await page.goBack()
  await expect(page).toHaveURL(/\/runs(\?|$)/)
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(left)
})

test("the folded rail stays folded, from the first byte on", async ({ page, watch }) => {
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto("/spend")
  await page.getByRole("button", { name: "Fold the rail" }).click()
  await page.reload()
  expect(await page.locator(".rail").evaluate((rail) => rail.getBoundingClientRect().width)).toBe(56)
  await expect(page.getByRole("link", { name: "Spend", exact: true })).toBeVisible()
  expect(await watch.shifts()).toEqual([])
  await page.getByRole("button", { name: "Unfold the rail" }).click()
})

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true })

  test("a thumb reaches every page, range, zone and the account at 360 px", async ({ page }) => {
    await page.goto("/spend")
    const bar = page.getByRole("navigation", { name: "Main pages" })
    expect(await bar.getByRole("listitem").allInnerTexts()).toEqual(["Board", "Halted", "Runs", "Spend", "More"])
    await bar.getByRole("button", { name: "More" }).click()
    const sheet = page.getByRole("dialog", { name: "More" })
    for (const name of ["Verifications", "Settings"]) await expect(sheet.getByRole("link", { name })).toBeVisible()
    await expect(sheet.getByRole("button", { name: "Log out" })).toBeVisible()
    await page.keyboard.press("Escape")
    await page.getByRole("button", { name: /^30 d/ }).click()
    await page.getByRole("dialog", { name: "Range and zone" }).getByRole("button", { name: "Last hour" }).click()
    await expect(page).toHaveURL(/last=1h/)
    for (const target of await page.locator(".phone-link, .top-bar button, .top-bar select").all()) {
      if (!(await target.isVisible())) continue
      const box = await target.boundingBox()
      expect(Math.min(box?.width ?? 0, box?.height ?? 0), await target.innerText()).toBeGreaterThanOrEqual(44)
    }
  })
})
