import type { Metadata } from "next"
import { readDiscounts, readRemappings, readRepricings } from "@/access/repricings"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { discountsQuery, repricingsQuery } from "@/components/data/prices"
import { remappingsQuery } from "@/components/data/remappings"
import { PRICES_A_PAGE, pricesQuery, UNPRICED_LAST, unpricedQuery } from "@/components/data/settings"
import { DiscountsPanel } from "@/components/settings/discounts-panel"
import { ImportPanel } from "@/components/settings/import-panel"
import { PricesView } from "@/components/settings/prices-view"
import { RemappingsPanel } from "@/components/settings/remappings-panel"
import { RepricingsPanel } from "@/components/settings/repricings-panel"
import { UnpricedPanel } from "@/components/settings/unpriced-panel"
import { listPrices, listUnpriced } from "@/db/queries/prices"

export const metadata: Metadata = { title: "Prices" }

export default function PricesPage({ searchParams }: PageProps<"/settings/prices">) {
  const input = { path: "/settings/prices", searchParams, permission: "spend.read" } as const
  return openPage(input, async ({ client, actor, filters, inProject, now, may }) => {
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
      client.prefetchQuery({ ...repricingsQuery(filters.project), queryFn: () => readRepricings(actor) }),
      client.prefetchQuery({ ...remappingsQuery(filters.project), queryFn: () => readRemappings(actor) }),
      client.prefetchQuery({ ...discountsQuery(filters.project), queryFn: () => readDiscounts(actor) }),
    ])
    return (
      <>
        <UnpricedPanel mayPrice={may("prices.manage")} />
        <RepricingsPanel mayAct={may("prices.manage")} />
        <RemappingsPanel mayAct={may("mapping.manage")} />
        <DiscountsPanel mayAct={may("prices.manage")} />
        <PricesView mayPrice={may("prices.manage")} />
        {may("prices.import") ? <ImportPanel /> : null}
      </>
    )
  })
}
