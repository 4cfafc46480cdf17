import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { runControlQuery } from "@/components/data/acts"
import { segmentToRun } from "@/components/data/href"
import { FIRST_SPANS, runBaselineQuery, runQuery, runSpanQuery, runSpansQuery } from "@/components/data/run"
import { TraceView } from "@/components/trace/trace-view"
import { getRun } from "@/db/queries/run"
import { getBaseline } from "@/db/queries/run-baseline"
import { getRunControl } from "@/db/queries/run-control"
import { listRunSpans } from "@/db/queries/run-spans"
import { getSpan } from "@/db/queries/span"

export const metadata: Metadata = { title: "Trace" }

export default async function TracePage({ params, searchParams }: PageProps<"/runs/[id]">) {
  const segment = decodeURIComponent((await params).id)
  const id = segmentToRun(segment)
  const { span, project } = await searchParams
  const path = `/runs/${encodeURIComponent(segment)}`
  return await openPage({ path, searchParams, permission: "runs.read" }, async (page) => {
    const { client, inProject } = page
    const slug = typeof project === "string" ? project : null
    // What must exist is fetched, and its absence is a page that is not there; the rest is prefetched.
    const run = await inProject((tx) => getRun(tx, id))
    client.setQueryData(runQuery(slug, id).queryKey, run)
    await Promise.all([
      client.prefetchQuery({
        ...runControlQuery(slug, id),
        queryFn: () => inProject((tx) => getRunControl(tx, id)),
      }),
      client.prefetchInfiniteQuery({
        ...runSpansQuery(slug, id),
        queryFn: () => inProject((tx) => listRunSpans(tx, id, { limit: FIRST_SPANS })),
      }),
      run.plan.length > 0
        ? client.prefetchQuery({
            ...runBaselineQuery(slug, id),
            queryFn: () => inProject((tx) => getBaseline(tx, id)),
          })
        : null,
      typeof span === "string" && page.may("payload.read")
        ? client.prefetchQuery({
            ...runSpanQuery(slug, id, span),
            queryFn: () => inProject((tx) => getSpan(tx, id, span)),
          })
        : null,
    ])
    return <TraceView id={id} />
  })
}
