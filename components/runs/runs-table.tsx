"use client"

import Link from "next/link"
import { traceHref } from "@/components/data/href"
import { useScope } from "@/components/frame/project"
import { Cost, Count, Elapsed, When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { useRowKeys } from "@/components/ui/row-keys"
import type { RunRow } from "@/lib/contracts/read"
import { shortenMiddle } from "@/lib/format"
import { runLight, runWord } from "@/lib/lights"

/** One row a run; on a phone the columns that matter at night stay. */
export function RunsTable({ runs, project }: { runs: readonly RunRow[]; project: string | null }) {
  const keys = useRowKeys()
  const { project: scope } = useScope()
  return (
    <div className="table-scroll">
      <table className="table" onKeyDown={keys}>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">Run</th>
            <th scope="col">Workflow</th>
            <th scope="col">What is missing or went wrong</th>
            <th scope="col" className="num">
              Cost
            </th>
            <th scope="col" className="num">
              Spans
            </th>
            <th scope="col" className="num">
              Took
            </th>
            <th scope="col">Release</th>
            <th scope="col" className="num">
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id} data-row>
              <td>
                <Light light={runLight(run)}>{runWord(run)}</Light>
              </td>
              <td className="max-w-56">
                <Link className="row-link" href={traceHref(project, run.id)} title={run.id} prefetch={false}>
                  <code>{shortenMiddle(run.id, 24)}</code>
                </Link>
              </td>
              <td className="max-w-48 truncate" title={run.workflow ?? undefined}>
                {run.workflow ?? <span className="text-ink-10">no workflow</span>}
              </td>
              <td className="max-w-80 truncate text-ink-11" title={reasonOf(run) ?? undefined}>
                {reasonOf(run)}
              </td>
              <td className="num">
                <Cost value={run.cost} currency={scope.currency} />
                {run.unpriced_calls > 0 && run.cost !== null ? (
                  <span className="text-alarm" title={`${run.unpriced_calls} calls have no price`}>
                    {" "}
                    +?
                  </span>
                ) : null}
              </td>
              <td className="num">
                <Count value={run.spans} />
              </td>
              <td className="num text-ink-11">
                <Elapsed from={run.started_at} to={run.ended_at} />
              </td>
              <td className="max-w-32 truncate text-ink-11">{run.release}</td>
              <td className="num text-ink-11">
                <When at={run.started_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Why a run needs a look, in its own words: the halt, else the first thing that its proof lacks. */
export function reasonOf(run: Pick<RunRow, "halt" | "proof_reasons" | "status">): string | null {
  if (run.halt)
    return [run.halt.step ? `at ${run.halt.step}` : null, run.halt.reason].filter(Boolean).join(": ") || null
  return run.proof_reasons[0]?.text ?? null
}
