"use client"

import { useQuery } from "@tanstack/react-query"
import { useSearchParams } from "next/navigation"
import { exceptionHref, exceptionRunsQuery } from "@/components/data/exceptions"
import { traceHref } from "@/components/data/href"
import { useParam } from "@/components/data/use-filters"
import { Evidence } from "@/components/exceptions/evidence"
import { useScope } from "@/components/frame/project"
import { Cost, When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { Pager } from "@/components/ui/pager"
import { Panel, Shown } from "@/components/ui/panel"
import { useRowKeys } from "@/components/ui/row-keys"
import { Segmented } from "@/components/ui/segmented"
import type { Exception, ExceptionRun } from "@/lib/contracts/exceptions"
import { shortenMiddle } from "@/lib/format"

const OF = [
  ["own", "This exception"],
  ["similar", "Same reason, 30 days"],
] as const

/** The runs behind the figures above: their costs sum to what is sunk, to the last digit. */
export function ExceptionRuns({ exception: { id, kind } }: { exception: Exception }) {
  const { slug } = useScope()
  const params = useSearchParams()
  const [named, name] = useParam("runs")
  const similar = named === "similar"
  const cursor = params.get("cursor")
  const runs = useQuery(exceptionRunsQuery(slug, id, { similar, cursor }))
  const keys = useRowKeys()
  const more: Record<string, string> = similar ? { runs: "similar" } : {}
  return (
    <div id="runs">
      <Panel
        title="Runs"
        query={runs}
        minHeight={120}
        isEmpty={(data) => data.items.length === 0}
        empty={<p className="text-ink-11">No run of this reason in the last 30 days.</p>}
        actions={
          <>
            {runs.data ? <Shown shown={runs.data.items.length} count={runs.data.count} one="run" /> : null}
            <Segmented
              label="Which runs"
              value={similar ? "similar" : "own"}
              options={OF}
              onChange={(of) => name(of === "own" ? null : of)}
              className="halted-views"
            />
          </>
        }
      >
        {(data) => (
          <>
            <ul onKeyDown={keys}>
              {data.items.map((run) => (
                <Row key={`${run.exception_id} ${run.run_id} ${run.at}`} run={run} own={id} kind={kind} />
              ))}
            </ul>
            <Pager
              newest={cursor === null ? null : exceptionHref(slug, { id, kind }, more)}
              older={
                data.next_cursor === null
                  ? null
                  : exceptionHref(slug, { id, kind }, { ...more, cursor: data.next_cursor })
              }
            />
          </>
        )}
      </Panel>
    </div>
  )
}

function Row({ run: row, own, kind }: { run: ExceptionRun; own: string; kind: Exception["kind"] }) {
  const { project, slug } = useScope()
  const { run, run_id } = row
  return (
    <li className="exception-run" data-row>
      <span className="min-w-0">
        {run === null ? (
          <code title={run_id}>{run_id === "" ? "no run" : shortenMiddle(run_id, 24)}</code>
        ) : (
          <Link href={traceHref(slug, run_id)} className="link" prefetch={false}>
            <code title={run_id}>{shortenMiddle(run_id, 24)}</code>
          </Link>
        )}
        {row.is_cleared ? (
          <span className="text-ink-10"> · {kind === "halt" ? (run?.status ?? "no longer halted") : "gone"}</span>
        ) : null}
        {row.exception_id === own ? null : (
          <Link href={exceptionHref(slug, { id: row.exception_id, kind })} className="link" prefetch={false}>
            {" "}
            · number {row.exception_id}
          </Link>
        )}
      </span>
      <span className="text-ink-10">
        <When at={row.at} />
      </span>
      <span className="exception-run-last">
        {run === null ? (
          <span className="text-ink-10">{run_id === "" ? null : "past retention"}</span>
        ) : (
          <Evidence run={row} />
        )}
      </span>
      <span className="text-ink-10 exception-run-place">
        <bdi>{[run?.environment, run?.release].filter(Boolean).join(" · ")}</bdi>
      </span>
      <span className="exception-run-cost">
        {run === null ? "–" : <Cost value={run.cost} currency={project.currency} />}
      </span>
    </li>
  )
}
