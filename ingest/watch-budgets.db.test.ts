import { describe, expect, test } from "vitest"
import { withProject } from "@/db/client"
import { appendBudgetVersion, insertBudget } from "@/db/queries/budget-writes"
import { readerFor } from "@/db/testing-reader"
import { BudgetInput } from "@/lib/contracts/budgets"
import { watchBudgets } from "./watch-budgets"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)

async function budgeted(amount: string, given: Partial<BudgetInput> = {}) {
  const project = await db.make.project()
  const input = BudgetInput.parse({
    name: "all",
    scope: "project",
    amount,
    period: "month",
    reason: "a test",
    ...given,
  })
  const id = await withProject(project, (tx) => insertBudget(tx, input, "user:f@example.com"))
  const spend = async (at: string, cost: string) => {
    await db.make.spans(project, [{ at, cost }])
    await db.make.rollUp(project)
  }
  const exceptions = async () =>
    (
      await db.make
        .sql`select kind, severity, rule, state, count, observed, limit_value from exceptions where project_id = ${project} order by severity, id`
    ).map((e) => `${e.severity} ${e.rule} ${e.state} ${e.count} ${e.observed}/${e.limit_value}`)
  return { project, id, spend, exceptions }
}

describe("the watch over budgets", () => {
  test("raises each mark once, however often and by however many it is looked at", async () => {
    const { spend, exceptions } = await budgeted("100", { cap: "new_runs" })
    await spend("2026-11-02T09:00:00Z", "49.999999999999")
    await watchBudgets(NOW)
    expect(await exceptions()).toEqual([])
    await spend("2026-11-02T09:00:00Z", "0.000000000001")
    await Promise.all([watchBudgets(NOW), watchBudgets(NOW)])
    await watchBudgets(NOW + 5_000)
    expect(await exceptions()).toEqual(["low null unack_active 1 50/100"])
    await spend("2026-11-03T09:00:00Z", "50")
    await watchBudgets(NOW + 10_000)
    expect(await exceptions()).toEqual([
      "critical T18 unack_active 1 100/100",
      "high null unack_active 1 100/100",
      "low null unack_active 1 50/100",
    ])
  })

  test("clears what a larger amount no longer reaches, and what ended with its period or its budget", async () => {
    const { project, id, spend, exceptions } = await budgeted("100")
    await spend("2026-11-02T09:00:00Z", "60")
    await watchBudgets(NOW)
    const change = (given: object, version: number) =>
      withProject(project, (tx) => appendBudgetVersion(tx, id, { version, reason: "a test", ...given }, "user:x"))
    await change({ amount: "1000" }, 1)
    await watchBudgets(NOW + 5_000)
    expect(await exceptions()).toEqual(["low null unack_cleared 1 60/100"])
    await change({ amount: "110" }, 2)
    await watchBudgets(NOW + 10_000)
    expect(await exceptions()).toEqual(["low null unack_active 1 60/100"])
    await watchBudgets(Date.parse("2026-12-01T00:00:01Z"))
    expect(await exceptions()).toEqual(["low null unack_cleared 1 60/100"])
    await watchBudgets(NOW + 15_000)
    await change({ is_ended: true }, 3)
    await watchBudgets(NOW + 20_000)
    expect(await exceptions()).toEqual(["low null unack_cleared 1 60/100"])
  })

  test("hears a fast burn from the newest calls, and lets it rest after a quarter of an hour", async () => {
    const { spend, exceptions } = await budgeted("720")
    await spend("2026-11-20T10:05:00Z", "20")
    await watchBudgets(NOW)
    expect(await exceptions()).toEqual(["critical null unack_active 1 20/720"])
    for (const minutes of [10, 20, 24]) await watchBudgets(NOW + minutes * 60_000)
    expect(await exceptions()).toEqual(["critical null unack_active 1 20/720"])
    await watchBudgets(NOW + 25 * 60_000)
    expect(await exceptions()).toEqual(["critical null unack_cleared 1 20/720"])
  })
})
