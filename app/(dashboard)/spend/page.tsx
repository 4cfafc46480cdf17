import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { costlyRunsQuery, qualityQuery, SPEND_DEFAULTS, spendQuery } from "@/components/data/spend"
import { SpendView } from "@/components/spend/spend-view"
import { getDataQuality } from "@/db/queries/quality"
import { getSpend } from "@/db/queries/spend"
import { listCostlyRuns } from "@/db/queries/spend-runs"

export const metadata: Metadata = { title: "Spend" }

export default function SpendPage({ searchParams }: PageProps<"/spend">) {
  return openPage(
    { path: "/spend", searchParams, permission: "spend.read", defaults: SPEND_DEFAULTS },
    async (page) => {
      const { client, filters, inProject, now } = page
      await Promise.all([
        client.prefetchQuery({ ...spendQuery(filters), queryFn: () => inProject((tx) => getSpend(tx, filters, now)) }),
        client.prefetchQuery({
          ...qualityQuery(filters),
          queryFn: () => inProject((tx) => getDataQuality(tx, filters, now)),
        }),
        client.prefetchQuery({
          ...costlyRunsQuery(filters),
          queryFn: () => inProject((tx) => listCostlyRuns(tx, filters, now)),
        }),
      ])
      return <SpendView />
    },
  )
}
