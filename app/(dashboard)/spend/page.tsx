import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { budgetsQuery } from "@/components/data/budgets"
import { SPEND_DEFAULTS } from "@/components/data/defaults"
import { qualityQuery } from "@/components/data/quality"
import { costlyRunsQuery, spendQuery } from "@/components/data/spend"
import { SpendView } from "@/components/spend/spend-view"
import { listBudgets } from "@/db/queries/budget-answer"
import { getDataQuality } from "@/db/queries/quality"
import { getSpend } from "@/db/queries/spend"
import { listCostlyRuns } from "@/db/queries/spend-runs"
import { AppError } from "@/lib/errors"
import { filterKey } from "@/lib/filters"

export const metadata: Metadata = { title: "Spend" }

export default function SpendPage({ searchParams }: PageProps<"/spend">) {
  return openPage(
    { path: "/spend", searchParams, permission: "spend.read", defaults: SPEND_DEFAULTS },
    async (page) => {
      const { client, filters, inProject, now } = page
      let refused: { message: string; field: string | null; of: string } | null = null
      const ask = async () => {
        try {
          return await inProject((tx) => getSpend(tx, filters, now))
        } catch (error) {
          // A prefetch keeps its failures to itself; what is wrong with the address belongs in the first HTML.
          if (error instanceof AppError && (error.code === "invalid_filter" || error.code === "range_too_large"))
            refused = { message: error.message, field: error.field ?? null, of: filterKey(filters) }
          throw error
        }
      }
      await Promise.all([
        client.prefetchQuery({ ...spendQuery(filters), queryFn: ask }),
        client.prefetchQuery({
          ...qualityQuery(filters),
          queryFn: () => inProject((tx) => getDataQuality(tx, filters, now)),
        }),
        client.prefetchQuery({
          ...budgetsQuery(filters.project),
          queryFn: () => inProject((tx) => listBudgets(tx, filters, now)),
        }),
        client.prefetchQuery({
          ...costlyRunsQuery(filters),
          queryFn: () => inProject((tx) => listCostlyRuns(tx, filters, now)),
        }),
      ])
      return <SpendView refused={refused} />
    },
  )
}
