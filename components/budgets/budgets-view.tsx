"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { BudgetForm } from "@/components/budgets/budget-form"
import { HistorySheet } from "@/components/budgets/budget-history"
import { BudgetRow } from "@/components/budgets/budget-row"
import { budgetsSentence } from "@/components/budgets/words"
import { budgetsQuery } from "@/components/data/budgets"
import { useParam } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { Panel } from "@/components/ui/panel"
import type { Budget } from "@/lib/contracts/budgets"

/** What may be spent, how far it is used, and whether it is going too fast. The open budget is in the address. */
export function BudgetsView({ mayManage }: { mayManage: boolean }) {
  const { slug } = useScope()
  const query = useQuery(budgetsQuery(slug))
  const [chosen, choose] = useParam("budget")
  const [form, setForm] = useState<"new" | Budget | null>(null)
  const { data } = query
  const budget = data?.items.find((one) => String(one.id) === chosen) ?? null
  return (
    <>
      <h1 className="text-title [overflow-wrap:anywhere]">
        {data ? budgetsSentence(data.items, data.currency) : "Budgets"}
      </h1>
      <Panel
        title="Budgets"
        query={query}
        minHeight={240}
        isEmpty={(list) => list.items.length === 0}
        empty={
          <>
            <p className="max-w-[60ch] text-ink-11">
              A budget says what the project, a workflow, a team, a model or a key may cost in a calendar month, week or
              day. It warns at 50, 80 and 100 % and when money burns too fast; with a cap it halts runs.
            </p>
            {mayManage ? null : <p className="text-label text-ink-10">Finance and admins set budgets.</p>}
          </>
        }
        actions={
          mayManage && data ? (
            <button type="button" className="button button-quiet" onClick={() => setForm("new")}>
              New budget
            </button>
          ) : null
        }
      >
        {(list) => (
          <>
            <ul className="budget-list">
              {list.items.map((one) => (
                <li key={one.id}>
                  <BudgetRow budget={one} project={slug} currency={list.currency} open={() => choose(String(one.id))} />
                </li>
              ))}
            </ul>
            <p className="border-t border-line px-4 py-3 text-label text-ink-10">
              Periods are calendar months, weeks from Monday and days in {list.tz}. The stroke on a line is how much of
              the period is gone. Calls without a price count for nothing until they are priced.
            </p>
          </>
        )}
      </Panel>
      {budget && form === null ? (
        <HistorySheet
          project={slug}
          budget={budget}
          mayManage={mayManage}
          edit={() => setForm(budget)}
          close={() => choose(null)}
        />
      ) : null}
      {data && form !== null ? (
        <BudgetForm
          project={slug}
          currency={data.currency}
          budget={form === "new" ? null : form}
          newest={form === "new" ? null : (data.items.find(({ id }) => id === form.id) ?? null)}
          close={() => setForm(null)}
        />
      ) : null}
    </>
  )
}
