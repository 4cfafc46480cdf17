import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { PRICES_A_PAGE, pricesQuery, UNPRICED_LAST, unpricedQuery } from "@/components/data/settings"
import { PricesView } from "@/components/settings/prices-view"
import { UnpricedPanel } from "@/components/settings/unpriced-panel"
import { listPrices, listUnpriced } from "@/db/queries/prices"

export const metadata: Metadata = { title: "Prices" }

export default function PricesPage({ searchParams }: PageProps<"/settings/prices">) {
  const input = { path: "/settings/prices", searchParams, permission: "spend.read" } as const
  return openPage(input, async ({ client, filters, inProject, now }) => {
    await Promise.all([
      client.prefetchInfiniteQuery({
        ...pricesQuery(filters.project, filters.q),
        queryFn: () => inProject((tx) => listPrices(tx, { ...filters, cursor: null, limit: PRICES_A_PAGE }, now)),
      }),
      client.prefetchQuery({
        ...unpricedQuery(filters.project),
        queryFn: () =>
          inProject((tx) => listUnpriced(tx, { ...filters, last: UNPRICED_LAST, from: null, to: null }, now)),
      }),
    ])
    return (
      <>
        <UnpricedPanel />
        <PricesView />
      </>
    )
  })
}
