import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { CompareForm } from "@/components/compare/compare-form"
import { CompareView } from "@/components/compare/compare-view"
import { compareQuery } from "@/components/data/compare"
import { compareRuns } from "@/db/queries/compare-runs"
import { AppError } from "@/lib/errors"

export const metadata: Metadata = { title: "Compare runs" }

const LONGEST = 800

export default function ComparePage({ searchParams }: PageProps<"/runs/compare">) {
  return openPage({ path: "/runs/compare", searchParams, permission: "runs.read" }, async (page) => {
    const params = await searchParams
    const [a, b] = [idOf(params, "a"), idOf(params, "b")]
    if (a === null || b === null)
      return (
        <section className="flex flex-col items-start gap-4">
          <h1 className="text-title">Two runs side by side</h1>
          <p className="text-ink-11">Select two rows of the list of runs, or name them here.</p>
          <CompareForm a={a ?? ""} b={b ?? ""} />
        </section>
      )
    const { client, filters, inProject } = page
    await client.prefetchQuery({
      ...compareQuery(filters.project, a, b),
      queryFn: () => inProject((tx) => compareRuns(tx, a, b)),
    })
    return <CompareView a={a} b={b} />
  })
}

/** @throws AppError `invalid_filter` naming the side. */
function idOf(params: Record<string, string | string[] | undefined>, side: "a" | "b"): string | null {
  const given = params[side]
  if (given === undefined || given === "") return null
  if (typeof given !== "string" || given.length > LONGEST || /[\0\p{Surrogate}]/u.test(given))
    throw new AppError("invalid_filter", `${side} must be the id of one run.`, { field: side })
  return given
}
