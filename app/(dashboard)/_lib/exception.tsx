import { openPage } from "@/app/(dashboard)/_lib/page"
import { linesQuery, runControlQuery } from "@/components/data/acts"
import { toldQuery } from "@/components/data/alerts"
import { exceptionQuery, exceptionRunsQuery } from "@/components/data/exceptions"
import { ExceptionView } from "@/components/exceptions/exception-view"
import { toldOf } from "@/db/queries/alerts-told"
import { getException, listExceptionRuns } from "@/db/queries/exception"
import { listLines } from "@/db/queries/lines"
import { getRunControl } from "@/db/queries/run-control"

type Asked = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> }

/** One exception at either of its addresses: in the queue, or among the halts. */
export async function exceptionPage(from: "exceptions" | "halted", { params, searchParams }: Asked) {
  const id = decodeURIComponent((await params).id)
  const { project, runs } = await searchParams
  return await openPage(
    { path: `/${from}/${encodeURIComponent(id)}`, searchParams, permission: "runs.read" },
    async (page) => {
      const { client, filters, inProject, now } = page
      const slug = typeof project === "string" ? project : null
      const of = { similar: runs === "similar", cursor: filters.cursor }
      // What must exist is fetched, and its absence is a page that is not there; the rest is prefetched.
      const exception = await inProject((tx) => getException(tx, id, now))
      client.setQueryData(exceptionQuery(slug, id).queryKey, exception)
      const run = exception.latest?.run ? exception.latest.run_id : null
      await Promise.all([
        client.prefetchQuery({
          ...exceptionRunsQuery(slug, id, of),
          queryFn: () => inProject((tx) => listExceptionRuns(tx, id, { ...of, limit: null }, now)),
        }),
        client.prefetchQuery({ ...toldQuery(slug, id), queryFn: () => inProject((tx) => toldOf(tx, id)) }),
        run === null
          ? null
          : client.prefetchQuery({
              ...runControlQuery(slug, run),
              queryFn: () => inProject((tx) => getRunControl(tx, run)),
            }),
        exception.kind !== "line_stop"
          ? null
          : client.prefetchQuery({ ...linesQuery(slug), queryFn: () => inProject((tx) => listLines(tx)) }),
      ])
      return <ExceptionView id={id} from={from} />
    },
  )
}
