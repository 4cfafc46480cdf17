import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { SPEND_DEFAULTS, spansQuery } from "@/components/data/spend"
import { CallsView } from "@/components/spend/calls-view"
import { listSpans } from "@/db/queries/spans"

export const metadata: Metadata = { title: "Spans behind a figure" }

export default function SpansPage({ searchParams }: PageProps<"/spend/spans">) {
  const input = { path: "/spend/spans", searchParams, permission: "runs.read", defaults: SPEND_DEFAULTS } as const
  return openPage(input, async ({ client, filters, inProject, now }) => {
    await client.prefetchInfiniteQuery({
      ...spansQuery(filters),
      queryFn: () => inProject((tx) => listSpans(tx, filters, now)),
    })
    return <CallsView />
  })
}
