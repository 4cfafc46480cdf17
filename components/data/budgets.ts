import { queryOptions } from "@tanstack/react-query"
import { SPEND_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { getJson, inProject, sendJson } from "@/components/data/http"
import type { Budget, BudgetChange, BudgetHistory, BudgetInput, BudgetList } from "@/lib/contracts/budgets"
import { DEFAULT_FILTERS, type Filters } from "@/lib/filters"

const BUDGETS = "/api/v1/budgets"

/** Read at this pace, not with every word of the stream: they sum up days and hours of the whole project. */
const EVERY_MS = 15_000
export const budgetsQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["budgets", "all", project],
    queryFn: ({ signal }) => getJson<BudgetList>(inProject(BUDGETS, project), signal),
    staleTime: EVERY_MS / 2,
    refetchInterval: EVERY_MS,
  })
export const budgetQuery = (project: string | null, id: number) =>
  queryOptions({
    queryKey: ["budgets", "one", project, id],
    queryFn: ({ signal }) => getJson<BudgetHistory>(inProject(`${BUDGETS}/${id}`, project), signal),
    // As the list beside it: the two must not tell different versions.
    staleTime: EVERY_MS / 2,
    refetchInterval: EVERY_MS,
  })
export const addBudget = (project: string | null, draft: BudgetInput) =>
  sendJson<BudgetList>("POST", inProject(BUDGETS, project), draft)
export const changeBudget = (project: string | null, id: number, change: BudgetChange) =>
  sendJson<BudgetList>("PATCH", inProject(`${BUDGETS}/${id}`, project), change)

export function budgetsHref(project: string | null, id?: number): string {
  return inProject("/settings/budgets", project, id === undefined ? {} : { budget: String(id) })
}

type Scope = Pick<Budget, "scope" | "scope_value">

/** The spend page over a period, narrowed to what the budget is for: its headline is what is used. */
export function usedHref(
  project: string | null,
  { scope, scope_value }: Scope,
  range: { from: string; to: string },
): string {
  const dimensions = scope === "project" ? {} : { [scope]: [scope_value] }
  const filters = { ...DEFAULT_FILTERS, project, last: null, ...range, dimensions, by: SPEND_DEFAULTS.by ?? [] }
  return pageHref("/spend", filters, SPEND_DEFAULTS)
}

/** The calendar period that a range of the address is the part of so far; null when it is none. */
export function periodOf({ last }: Pick<Filters, "last">): Budget["period"] | null {
  return last === "mtd" ? "month" : last === "today" ? "day" : null
}

/** The budget of exactly what the filters show, of this period; null when none is. A zone of the reader's own cuts other days. */
export function fittingBudget(
  list: BudgetList | undefined,
  { dimensions, tz }: Pick<Filters, "dimensions" | "tz">,
  period: Budget["period"],
): Budget | null {
  if (!list || (tz !== null && tz !== list.tz)) return null
  const narrowed = Object.entries(dimensions)
  const fits = ({ scope, scope_value }: Budget) => {
    if (narrowed.length === 0) return scope === "project"
    const [name, values] = narrowed[0] ?? []
    return narrowed.length === 1 && name === scope && values?.length === 1 && values[0] === scope_value
  }
  return list.items.find((budget) => budget.period === period && fits(budget)) ?? null
}
