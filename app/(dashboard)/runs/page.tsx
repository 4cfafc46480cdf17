import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { linesQuery, oneWorkflow } from "@/components/data/acts"
import { RUNS_DEFAULTS } from "@/components/data/defaults"
import { facetsQuery } from "@/components/data/facets"
import { qualityQuery } from "@/components/data/quality"
import { runsQuery } from "@/components/data/runs"
import { RunsView } from "@/components/runs/runs-view"
import { getFacets } from "@/db/queries/facets"
import { listLines } from "@/db/queries/lines"
import { getDataQuality } from "@/db/queries/quality"
import { listRuns } from "@/db/queries/runs"
import { findOnce, isLookedUp } from "@/db/queries/runs-found"

export const metadata: Metadata = { title: "Runs" }

export default function RunsPage({ searchParams }: PageProps<"/runs">) {
  return openPage({ path: "/runs", searchParams, permission: "runs.read", defaults: RUNS_DEFAULTS }, async (page) => {
    const { client, filters, inProject, now } = page
    // List and counts are of the same runs: a search is made once for both.
    const finding = isLookedUp(filters) ? inProject((tx) => findOnce(tx, filters, now)) : Promise.resolve(null)
    await Promise.all([
      client.prefetchQuery({
        ...runsQuery(filters),
        queryFn: async () => {
          const known = await finding
          return await inProject((tx) => listRuns(tx, filters, now, known))
        },
      }),
      client.prefetchQuery({
        ...facetsQuery(filters),
        queryFn: async () => {
          const known = await finding
          return await inProject((tx) => getFacets(tx, filters, now, undefined, known))
        },
      }),
      // The runs of one workflow say whether it may start more.
      oneWorkflow(filters) === null
        ? null
        : client.prefetchQuery({ ...linesQuery(filters.project), queryFn: () => inProject((tx) => listLines(tx)) }),
    ])
    // An empty list says whether anything ever came.
    if (client.getQueryData(runsQuery(filters).queryKey)?.items.length === 0)
      await client.prefetchQuery({
        ...qualityQuery(filters),
        queryFn: () => inProject((tx) => getDataQuality(tx, filters, now)),
      })
    return <RunsView />
  })
}
