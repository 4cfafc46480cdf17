import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { BudgetsView } from "@/components/budgets/budgets-view"
import { budgetQuery, budgetsQuery } from "@/components/data/budgets"
import { listBudgets } from "@/db/queries/budget-answer"
import { budgetHistory } from "@/db/queries/budget-history"

export const metadata: Metadata = { title: "Budgets" }

export default function BudgetsPage({ searchParams }: PageProps<"/settings/budgets">) {
  const input = { path: "/settings/budgets", searchParams, permission: "spend.read" } as const
  return openPage(input, async ({ client, filters, inProject, now, may }) => {
    const { budget } = await searchParams
    const chosen = typeof budget === "string" && /^[1-9]\d{0,8}$/.test(budget) ? Number(budget) : null
    await Promise.all([
      client.prefetchQuery({
        ...budgetsQuery(filters.project),
        queryFn: () => inProject((tx) => listBudgets(tx, filters, now)),
      }),
      chosen === null
        ? null
        : client.prefetchQuery({
            ...budgetQuery(filters.project, chosen),
            queryFn: () => inProject((tx) => budgetHistory(tx, chosen, now)),
          }),
    ])
    return <BudgetsView mayManage={may("budgets.manage")} />
  })
}
