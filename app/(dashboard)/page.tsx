import type { Metadata } from "next"
import { headers } from "next/headers"
import { accessConfig } from "@/access/config"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { BoardView } from "@/components/board/board-view"
import { linesQuery } from "@/components/data/acts"
import { alertsHealthQuery } from "@/components/data/alerts-health"
import { boardQuery, todaysQuality } from "@/components/data/board"
import { budgetsQuery } from "@/components/data/budgets"
import { BOARD_DEFAULTS } from "@/components/data/defaults"
import { qualityQuery } from "@/components/data/quality"
import { runsQuery } from "@/components/data/runs"
import { Start } from "@/components/start/start"
import { alertsHealth } from "@/db/queries/alerts-health"
import { getBoard } from "@/db/queries/board"
import { listBudgets } from "@/db/queries/budget-answer"
import { listLines } from "@/db/queries/lines"
import { getDataQuality } from "@/db/queries/quality"
import { listRuns } from "@/db/queries/runs"
import { DEFAULT_FILTERS } from "@/lib/filters"

export const metadata: Metadata = { title: "Board" }

/** With data: the board. Without: how to send the first event. */
export default function BoardPage({ searchParams }: PageProps<"/">) {
  return openPage({ path: "/", searchParams, permission: "runs.read", defaults: BOARD_DEFAULTS }, async (page) => {
    const { client, filters, inProject, now } = page
    const ingest = todaysQuality(filters)
    // All at once, since nearly every project has data; without any there is next to nothing to read.
    const [quality] = await Promise.all([
      inProject((tx) => getDataQuality(tx, ingest, now)),
      client.prefetchQuery({
        ...boardQuery(filters),
        queryFn: () => inProject((tx) => getBoard(tx, filters, now)),
      }),
      client.prefetchQuery({
        ...budgetsQuery(filters.project),
        queryFn: () => inProject((tx) => listBudgets(tx, filters, now)),
      }),
      client.prefetchQuery({ ...linesQuery(filters.project), queryFn: () => inProject((tx) => listLines(tx)) }),
      client.prefetchQuery({ ...alertsHealthQuery(filters.project), queryFn: () => inProject(alertsHealth) }),
    ])
    client.setQueryData(qualityQuery(ingest).queryKey, quality)
    if (quality.last_event_at !== null) return <BoardView />
    const first = { ...DEFAULT_FILTERS, project: filters.project, limit: 1 }
    await client.prefetchQuery({ ...runsQuery(first), queryFn: () => inProject((tx) => listRuns(tx, first, now)) })
    return <Start origin={await ownOrigin()} />
  })
}

/** The address that the person typed, where it is one of ours; else the public one. */
async function ownOrigin(): Promise<string> {
  const { origins, publicUrl } = accessConfig()
  const typed = `${publicUrl.protocol}//${(await headers()).get("host") ?? ""}`
  return origins.has(typed) ? typed : publicUrl.origin
}
