import { headers } from "next/headers"
import { redirect } from "next/navigation"
import { accessConfig } from "@/access/config"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { withQuery } from "@/components/data/http"
import { runsQuery } from "@/components/data/runs"
import { StartView } from "@/components/start/start-view"
import { getDataQuality } from "@/db/queries/quality"
import { listRuns } from "@/db/queries/runs"
import { DEFAULT_FILTERS } from "@/lib/filters"

/** With data: Spend. Without: how to send the first event. */
export default function FirstPage({ searchParams }: PageProps<"/">) {
  return openPage({ path: "/", searchParams, permission: "runs.read" }, async ({ client, filters, inProject, now }) => {
    const quality = await inProject((tx) => getDataQuality(tx, { ...DEFAULT_FILTERS, last: "365d" }, now))
    if (quality.last_event_at !== null)
      redirect(
        withQuery(
          "/spend",
          filters.project === null ? "" : new URLSearchParams({ project: filters.project }).toString(),
        ),
      )
    const first = { ...DEFAULT_FILTERS, project: filters.project, limit: 1 }
    await client.prefetchQuery({ ...runsQuery(first), queryFn: () => inProject((tx) => listRuns(tx, first, now)) })
    return <StartView origin={await ownOrigin()} />
  })
}

/** The address that the person typed, where it is one of ours; else the public one. */
async function ownOrigin(): Promise<string> {
  const { origins, publicUrl } = accessConfig()
  const typed = `${publicUrl.protocol}//${(await headers()).get("host") ?? ""}`
  return origins.has(typed) ? typed : publicUrl.origin
}
