"use client"

import { useQuery } from "@tanstack/react-query"
import { budgetsHref, budgetsQuery, fittingBudget } from "@/components/data/budgets"
import { paceWords, percentOf, toneOf } from "@/components/frame/budget-words"
import { useScope } from "@/components/frame/project"
import { Link } from "@/components/ui/link"
import { PaceLine } from "@/components/ui/pace-line"
import type { Budget } from "@/lib/contracts/budgets"
import type { Filters } from "@/lib/filters"
import { displayMoney } from "@/lib/money"

/** The budget of exactly what the filters show, in this period; null when there is none. */
export function useFittingBudget(
  filters: Pick<Filters, "dimensions" | "tz">,
  period: Budget["period"] | null,
): { budget: Budget; currency: string } | null {
  const { slug } = useScope()
  const { data } = useQuery(budgetsQuery(slug))
  const budget = period === null ? null : fittingBudget(data, filters, period)
  return budget && data ? { budget, currency: data.currency } : null
}

/** How far the budget of what is shown is used, beside how far its period is gone; nothing where there is no such budget. */
export function BudgetPace({ filters, period }: { filters: Filters; period: Budget["period"] | null }) {
  const { slug } = useScope()
  const found = useFittingBudget(filters, period)
  if (!found) return null
  const { budget, currency } = found
  return (
    <Link className="budget-pace" href={budgetsHref(slug, budget.id)} prefetch={false}>
      <PaceLine
        used={budget.used_permille}
        gone={budget.gone_permille}
        tone={toneOf(budget)}
        label={`${budget.name}: ${paceWords(budget)}`}
      />
      <span>
        {percentOf(budget.used_permille)} of{" "}
        <span title={`${budget.amount} ${currency}`}>{displayMoney(budget.amount, currency)}</span>,{" "}
        {percentOf(budget.gone_permille)} of the {budget.period} gone
      </span>
    </Link>
  )
}
