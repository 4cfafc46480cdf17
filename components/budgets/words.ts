import type { Budget, BudgetCap, BudgetMark, BudgetPeriod, BudgetScope } from "@/lib/contracts/budgets"
import { displayMoney, parseMoney } from "@/lib/money"

export const PERIOD_WORDS: Record<BudgetPeriod, string> = { month: "a month", week: "a week", day: "a day" }
export const SCOPE_WORDS: Record<BudgetScope, string> = {
  project: "Whole project",
  workflow: "Workflow",
  team: "Team",
  model: "Model",
  key: "Ingest key",
}
export const CAP_WORDS: Record<BudgetCap, string> = {
  none: "None: it only warns",
  new_runs: "Above 100 % new runs are halted",
  all_runs: "Above 100 % all runs are halted",
}
export const MARK_WORDS: Record<BudgetMark, string> = {
  used_50: "50 % used",
  used_80: "80 % used",
  used_100: "100 % used",
  burn_1h: "Fast burn over 1 h and 5 min",
  burn_6h: "Fast burn over 6 h and 30 min",
  burn_3d: "Slow burn over 3 d and 6 h",
}

/** `14.4x`, from thousandths; more digits would say more than a window knows. */
export const timesOf = (thousandths: number): string => `${(thousandths / 1000).toFixed(thousandths < 10_000 ? 1 : 0)}x`

/** The first line of the page: how many there are, and which need a person. */
export function budgetsSentence(items: readonly Budget[], currency: string): string {
  if (items.length === 0) return "No budget is set."
  const over = items.filter((one) => one.overshoot !== "0")
  const burning = items.filter((one) => one.overshoot === "0" && one.burns.some((burn) => burn.is_burning))
  const ahead = items.filter(
    ({ forecast, amount, overshoot }) =>
      overshoot === "0" && forecast !== null && parseMoney(forecast) > parseMoney(amount),
  )
  const worst = over[0] ?? burning[0] ?? ahead[0]
  const all = `${items.length} ${items.length === 1 ? "budget" : "budgets"}`
  if (!worst) return `${all}, none ahead of its pace.`
  const state =
    over.length > 0
      ? `${over.length} exceeded`
      : burning.length > 0
        ? `${burning.length} burning fast`
        : `${ahead.length} heading past ${ahead.length === 1 ? "its amount" : "their amounts"}`
  const used = `${displayMoney(worst.used, currency)} of ${displayMoney(worst.amount, currency)}`
  return `${all}, ${state}: ${worst.name} at ${used}.`
}
