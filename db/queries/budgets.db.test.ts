import { describe, expect, test } from "vitest"
import { withProject } from "@/db/client"
import { listBudgets } from "@/db/queries/budget-answer"
import { budgetHistory } from "@/db/queries/budget-history"
import { appendBudgetVersion, insertBudget } from "@/db/queries/budget-writes"
import { readCalendar } from "@/db/queries/budgets"
import { readerFor } from "@/db/testing-reader"
import { BudgetInput } from "@/lib/contracts/budgets"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)

const draft = (given: Partial<BudgetInput> = {}): BudgetInput =>
  BudgetInput.parse({ name: "all", scope: "project", amount: "3000", period: "month", reason: "a test", ...given })

describe("what budgets have come to", () => {
  test("is the exact sum of the calls of their scope in the calendar period of the zone", async () => {
    const project = await db.make.project({ zone: "Asia/Kathmandu" })
    const key = await db.make.key(project, "andon_k1")
    const day = { model: "a", workflow: "w", team: "t" }
    await db.make.spans(project, [
      // +05:45: the month begins at 18:15 UTC, the day of now too.
      { ...day, at: "2026-10-31T18:14:00Z", cost: "1000" },
      { ...day, at: "2026-10-31T18:15:00Z", cost: "0.000000000001", run: "r" },
      { ...day, at: "2026-11-19T18:14:00Z", cost: "7", model: "b" },
      { ...day, at: "2026-11-19T18:16:00Z", cost: "5", workflow: "other" },
      { ...day, at: "2026-11-20T10:06:00Z", cost: null },
      { at: "2026-11-20T10:06:30Z", cost: "2", key },
    ])
    await db.make.rollUp(project)
    const made = async (given: Partial<BudgetInput>) =>
      await withProject(project, (tx) => insertBudget(tx, draft(given), "user:f@example.com"))
    await made({ name: "all" })
    await made({ name: "w", scope: "workflow", scope_value: "w" })
    await made({ name: "b", scope: "model", scope_value: "b" })
    await made({ name: "t", scope: "team", scope_value: "t", period: "day" })
    await made({ name: "key", scope: "key", scope_value: "andon_k1", period: "week" })
    await made({ name: "none", scope: "team", scope_value: "nobody" })

    const { items } = await db.ask(project, "", listBudgets)
    const shown = Object.fromEntries(items.map((one) => [one.name, [one.used, one.calls, one.unpriced_calls]]))
    expect(shown).toEqual({
      all: ["14.000000000001", 5, 1],
      w: ["7.000000000001", 3, 1],
      b: ["7", 1, 0],
      t: ["5", 2, 1],
      key: ["2", 1, 0],
      none: ["0", 0, 0],
    })
    const all = items.find((one) => one.name === "all")
    expect(all?.range).toEqual({ from: "2026-10-31T18:15:00.000Z", to: "2026-11-30T18:15:00.000Z" })
    expect(all?.left).toBe("2985.999999999999")
    // Each window begins on the quarter hour before: the hour at 09:00, the thirty minutes at 09:30; five minutes are exact.
    expect(all?.burns.map(({ mark, long, short }) => [mark, long, short])).toEqual([
      ["burn_1h", 429, 5760],
      ["burn_6h", 78, 778],
      ["burn_3d", 46, 78],
    ])
  })

  test("follows a day of 25 hours and a month that begins under another offset", async () => {
    const project = await db.make.project({ zone: "Europe/Berlin" })
    const at = Date.parse("2026-10-25T12:00:00Z")
    const { periods } = await withProject(project, (tx) => readCalendar(tx, at))
    expect(Object.fromEntries(periods.map(({ period, from, to }) => [period, `${from} ${to}`]))).toEqual({
      day: "2026-10-24T22:00:00.000Z 2026-10-25T23:00:00.000Z",
      week: "2026-10-18T22:00:00.000Z 2026-10-25T23:00:00.000Z",
      month: "2026-09-30T22:00:00.000Z 2026-10-31T23:00:00.000Z",
    })
  })

  test("sees its own project alone", async () => {
    const [mine, other] = [await db.make.project(), await db.make.project()]
    await db.make.spans(other, [{ at: "2026-11-20T09:00:00Z", cost: "9" }])
    await db.make.rollUp(other)
    await withProject(mine, (tx) => insertBudget(tx, draft(), "user:f@example.com"))
    const { items } = await db.ask(mine, "", listBudgets)
    expect(items.map(({ used }) => used)).toEqual(["0"])
    expect((await db.ask(other, "", listBudgets)).items).toEqual([])
  })
})

describe("versions of a budget", () => {
  test("of two that change the same version one wins, and the other is shown what stands now", async () => {
    const project = await db.make.project()
    const id = await withProject(project, (tx) => insertBudget(tx, draft(), "user:f@example.com"))
    const change = (amount: string) =>
      withProject(project, (tx) => appendBudgetVersion(tx, id, { version: 1, amount, reason: "more" }, "user:x"))
    const done = await Promise.allSettled([change("4000"), change("5000")])
    expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    const lost = done.find((one) => one.status === "rejected")
    expect(lost?.reason).toMatchObject({ code: "conflict", current: { version: 2 } })
  })

  test("a second budget of the same thing and period is refused; the ended one makes place", async () => {
    const project = await db.make.project()
    const make = () => withProject(project, (tx) => insertBudget(tx, draft(), "user:f@example.com"))
    const id = await make()
    await expect(make()).rejects.toMatchObject({ code: "conflict" })
    await withProject(project, (tx) =>
      appendBudgetVersion(tx, id, { version: 1, is_ended: true, reason: "over" }, "user:x"),
    )
    expect(await make()).toBe(id + 1)
  })

  test("a closed period keeps the amount that it was measured by", async () => {
    const project = await db.make.project()
    await db.make.spans(project, [
      { at: "2026-09-10T09:00:00Z", cost: "80" },
      { at: "2026-10-10T09:00:00Z", cost: "90" },
    ])
    await db.make.rollUp(project)
    await db.make
      .sql`insert into budgets (project_id, id, version, name, scope, amount, period, reason, created_by, created_at) values
      (${project}, 1, 1, 'all', 'project', 100, 'month', 'r', 'u', '2026-10-02Z'), (${project}, 1, 2, 'all', 'project', 45, 'month', 'r', 'u', '2026-11-02Z')`
    const { periods, versions } = await withProject(project, (tx) => budgetHistory(tx, 1, NOW))
    expect(
      periods.map(({ from, amount, used, used_permille }) => [from.slice(0, 7), amount, used, used_permille]),
    ).toEqual([
      ["2026-11", "45", "0", 0],
      ["2026-10", "100", "90", 900],
    ])
    expect(versions.map(({ version }) => version)).toEqual([2, 1])
    await expect(db.make.sql`update budgets set amount = 1`).rejects.toMatchObject({ code: "42501" })
    await expect(withProject(project, (tx) => budgetHistory(tx, 7, NOW))).rejects.toMatchObject({ code: "not_found" })
  })
})
