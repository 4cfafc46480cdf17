import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { SPEND_DEFAULTS } from "@/components/data/defaults"
import { callsTotalQuery, spansQuery, totalFilters } from "@/components/data/spend"
import { CallsView } from "@/components/spend/calls-view"
import { listSpans } from "@/db/queries/spans"
import { getSpend } from "@/db/queries/spend"
import { OpenSpan } from "./open-span"

export const metadata: Metadata = { title: "Calls behind a figure" }

export default function CallsPage({ searchParams }: PageProps<"/spend/spans">) {
  const input = { path: "/spend/spans", searchParams, permission: "runs.read", defaults: SPEND_DEFAULTS } as const
  return openPage(input, async ({ client, filters, inProject, now }) => {
    await Promise.all([
      client.prefetchInfiniteQuery({
        ...spansQuery(filters),
        queryFn: () => inProject((tx) => listSpans(tx, filters, now)),
      }),
      client.prefetchQuery({
        ...callsTotalQuery(filters),
        queryFn: () => inProject((tx) => getSpend(tx, totalFilters(filters), now)),
      }),
    ])
    return <CallsView panel={<OpenSpan />} />
  })
}
