import { describe, expect, test } from "vitest"
import { fittingBudget, periodOf, usedHref } from "@/components/data/budgets"
import type { Budget, BudgetList } from "@/lib/contracts/budgets"
import { DEFAULT_FILTERS, parseFilters } from "@/lib/filters"

const budget = (id: number, given: Partial<Budget>) =>
  ({ id, scope: "project", scope_value: "", period: "month", ...given }) as Budget
const list = {
  tz: "Europe/Berlin",
  items: [
    budget(1, {}),
    budget(2, { period: "day" }),
    budget(3, { scope: "workflow", scope_value: "w" }),
    budget(4, { scope: "team", scope_value: "w" }),
  ],
} as BudgetList

describe("the budget that fits what is shown", () => {
  const fits = (query: string, period: Budget["period"] = "month") =>
    fittingBudget(list, parseFilters(new URLSearchParams(query)), period)?.id ?? null

  test("is the one of exactly that scope and period", () => {
    expect(fits("")).toBe(1)
    expect(fits("", "day")).toBe(2)
    expect(fits("", "week")).toBeNull()
    expect(fits("workflow=w")).toBe(3)
    expect(fits("team=w")).toBe(4)
  })

  test("is none when less, more or something else is shown, or days are cut in another zone", () => {
    expect(fits("workflow=v")).toBeNull()
    expect(fits("workflow=w&workflow=v")).toBeNull()
    expect(fits("workflow=w&team=w")).toBeNull()
    expect(fits("environment=w")).toBeNull()
    expect(fits("tz=UTC")).toBeNull()
    expect(fits("tz=Europe/Berlin")).toBe(1)
    expect(fittingBudget(undefined, DEFAULT_FILTERS, "month")).toBeNull()
  })

  test("has a period only where the range is the one so far", () => {
    expect(periodOf({ last: "mtd" })).toBe("month")
    expect(periodOf({ last: "today" })).toBe("day")
    expect(periodOf({ last: "30d" })).toBeNull()
    expect(periodOf({ last: null })).toBeNull()
  })

  test("leads to the spend of its scope over its period, whatever its name holds", () => {
    const range = { from: "2026-10-31T23:00:00.000Z", to: "2026-11-30T23:00:00.000Z" }
    const href = usedHref("demo", { scope: "model", scope_value: "a&b=<c>, d" }, range)
    const asked = parseFilters(new URL(href, "http://localhost").searchParams)
    expect(asked).toMatchObject({ ...range, project: "demo", dimensions: { model: ["a&b=<c>, d"] } })
  })
})
