"use client"

import { traceHref } from "@/components/data/href"
import { useParam } from "@/components/data/use-filters"
import { When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { useRowKeys } from "@/components/ui/row-keys"
import type { VerificationRow } from "@/lib/contracts/read"
import { shortenMiddle } from "@/lib/format"
import { onFinalOutput, VERDICT_LIGHT } from "@/lib/lights"

/** One row a result: evidence, score against threshold, and whether it looked at the final output. The check opens the whole of it. */
export function VerificationsTable({ rows, project }: { rows: readonly VerificationRow[]; project: string | null }) {
  const keys = useRowKeys()
  const [, open] = useParam("result")
  return (
    <div className="table-scroll">
      <table className="table" onKeyDown={keys}>
        <thead>
          <tr>
            <th scope="col">Outcome</th>
            <th scope="col">Check</th>
            <th scope="col">Evidence</th>
            <th scope="col">Run</th>
            <th scope="col">Workflow</th>
            <th scope="col" className="num">
              Score
            </th>
            <th scope="col" className="num">
              Threshold
            </th>
            <th scope="col">Of the final output</th>
            <th scope="col" className="num">
              At
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} data-row>
              <td>
                <Light light={VERDICT_LIGHT[row.outcome].light}>{VERDICT_LIGHT[row.outcome].word}</Light>
              </td>
              <td className="max-w-56">
                <button
                  type="button"
                  className="row-link block max-w-full text-left"
                  aria-haspopup="dialog"
                  title={row.check}
                  onClick={() => open(row.id)}
                >
                  <bdi>{row.check}</bdi>
                  {row.step ? (
                    <span className="text-ink-10">
                      {" "}
                      on <bdi>{row.step}</bdi>
                    </span>
                  ) : null}
                </button>
              </td>
              <td className="max-w-96 truncate text-ink-11" title={row.evidence?.slice(0, 500)}>
                <bdi>{row.evidence?.slice(0, 200)}</bdi>
              </td>
              <td className="max-w-56">
                <Link className="row-link" href={traceHref(project, row.run)} title={row.run} prefetch={false}>
                  <code>{shortenMiddle(row.run, 24)}</code>
                </Link>
              </td>
              <td className="max-w-48 truncate" title={row.workflow ?? undefined}>
                {row.workflow === null ? <span className="text-ink-10">no workflow</span> : <bdi>{row.workflow}</bdi>}
              </td>
              <td className="num">{row.score ?? "–"}</td>
              <td className="num">{row.threshold ?? "–"}</td>
              <td className="text-ink-11">{onFinalOutput(row.is_on_final_output)}</td>
              <td className="num text-ink-11">
                <When at={row.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
