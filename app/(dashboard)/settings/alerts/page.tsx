import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { AlertsView } from "@/components/alerts/alerts-view"
import { channelsQuery, deliveriesQuery, logOf } from "@/components/data/alerts"
import { listChannels, listDeliveries } from "@/db/queries/alerts"

export const metadata: Metadata = { title: "Alerts" }

export default function AlertsPage({ searchParams }: PageProps<"/settings/alerts">) {
  const input = { path: "/settings/alerts", searchParams, permission: "alerts.manage" } as const
  return openPage(input, async ({ client, filters, inProject, now }) => {
    const of = logOf(await searchParams)
    const asked = { ...of, channel: of.channel === null ? null : Number(of.channel), cursor: null, limit: null }
    await Promise.all([
      client.prefetchQuery({
        ...channelsQuery(filters.project),
        queryFn: () => inProject((tx) => listChannels(tx, now)),
      }),
      client.prefetchInfiniteQuery({
        ...deliveriesQuery(filters.project, of),
        queryFn: () => inProject((tx) => listDeliveries(tx, asked)),
      }),
    ])
    return <AlertsView />
  })
}
