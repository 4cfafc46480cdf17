"use client"

import { traceHref } from "@/components/data/href"
import { Cost, When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { useRowKeys } from "@/components/ui/row-keys"
import type { CostlyRuns } from "@/lib/contracts/spend"
import type { Filters } from "@/lib/filters"
import { formatCount, plural, shortenMiddle } from "@/lib/format"
import { runLight, runWord } from "@/lib/lights"

/** The runs on which most was spent, each leading to its trace; under them how far was looked. */
export function CostlyRunsTable({ answer, filters }: { answer: CostlyRuns; filters: Filters }) {
  const keys = useRowKeys()
  return (
    <>
      <div className="table-scroll">
        <table className="table costly-table" onKeyDown={keys}>
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">State</th>
              <th scope="col" data-wide>
                Workflow
              </th>
              <th scope="col" data-wide>
                Release
              </th>
              <th scope="col" data-wide>
                Started
              </th>
              <th scope="col" className="num" data-wide>
                Calls
              </th>
              <th scope="col" className="num">
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {answer.items.map((run) => (
              <tr key={run.id} data-row>
                <th scope="row" className="row-head">
                  <Link className="row-link" href={traceHref(filters.project, run.id)} title={run.id} prefetch={false}>
                    <code>{shortenMiddle(run.id, 28)}</code>
                  </Link>
                  {/* A phone has no room for its column. */}
                  <span className="costly-of">{run.workflow ?? "no workflow"}</span>
                </th>
                <td>
                  <Light light={runLight(run)}>{runWord(run)}</Light>
                </td>
                <td className="max-w-56 truncate" data-wide title={run.workflow ?? undefined}>
                  {run.workflow ?? <span className="text-ink-10">no workflow</span>}
                </td>
                <td className="max-w-40 truncate text-ink-11" data-wide title={run.release ?? undefined}>
                  {run.release ?? "–"}
                </td>
                <td data-wide>
                  <When at={run.started_at} />
                </td>
                <td className="num" data-wide>
                  {formatCount(run.calls)}
                </td>
                <td className="num">
                  {answer.of === "runs" ? (
                    <Link className="row-link" href={traceHref(filters.project, run.id)} prefetch={false}>
                      <Cost value={run.cost} currency={answer.currency} />
                    </Link>
                  ) : (
                    <Cost value={run.cost} currency={answer.currency} />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="px-4 py-2 text-label text-ink-10">{scopeOf(answer)}</p>
    </>
  )
}

function scopeOf({ of, seen, runs, is_complete }: CostlyRuns): string {
  const what =
    of === "runs"
      ? "Cost of the whole run, of runs that started in the range."
      : "Cost of the calls that the filters let through, of runs that started in the range."
  if (is_complete) return `${what} All ${plural(runs, "run")} looked through.`
  const how = of === "calls" ? "the 100 costliest of them summed" : "where workflows spent most in a day"
  return `${what} ${formatCount(seen)} of ${plural(runs, "run")} looked through, ${how}.`
}
