import type { ReactNode } from "react"
import { traceHref } from "@/components/data/href"
import { Ago, Took } from "@/components/runs/ago"
import { Copy } from "@/components/ui/copy-button"
import { Cost, Count } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import type { RunRow } from "@/lib/contracts/read"
import type { Sort } from "@/lib/filters"
import { plural, shortenMiddle } from "@/lib/format"
import { runLight, runWord } from "@/lib/lights"
import { endOf } from "@/lib/run-end"
import { reasonOf } from "@/lib/run-reason"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

type ColumnContext = { project: string | null; currency: string }
export type Column = {
  id: string
  word: string
  isNumber?: boolean
  /** Shown when the address names no columns. */
  isDefault?: boolean
  /** Always shown: without it a row is nobody. */
  isFixed?: boolean
  sort?: Sort
  className?: string
  cell: (run: RunRow, context: ColumnContext) => ReactNode
}

const text = (value: string | null) =>
  value === null ? <span className="text-ink-10">–</span> : <span title={value}>{value === "" ? '""' : value}</span>

/** Every column a list of runs can show, in the order in which it shows them: what a narrow screen cuts off is what is missed least. */
export const COLUMNS: readonly Column[] = [
  { id: "state", word: "State", isFixed: true, cell: (run) => <Light light={runLight(run)}>{runWord(run)}</Light> },
  {
    id: "run",
    word: "Run",
    isFixed: true,
    cell: (run, { project }) => (
      <span className="run-id">
        <Link className="row-link" href={traceHref(project, run.id)} title={run.id} prefetch={false}>
          <code>{shortenMiddle(run.id, 16)}</code>
        </Link>
        <Copy text={run.id} label={`Copy ${run.id}`} />
      </span>
    ),
  },
  {
    id: "started",
    word: "Started",
    isNumber: true,
    isDefault: true,
    sort: "newest",
    cell: (run) => <Ago at={run.started_at} />,
  },
  {
    id: "workflow",
    word: "Workflow",
    isDefault: true,
    className: "run-name",
    cell: (run) => (run.workflow === null ? <span className="text-ink-10">no workflow</span> : text(run.workflow)),
  },
  {
    id: "reason",
    word: "Why",
    isDefault: true,
    className: "run-reason",
    cell: (run) => <Reason run={run} />,
  },
  {
    id: "cost",
    word: "Cost",
    isNumber: true,
    isDefault: true,
    sort: "cost",
    cell: (run, { currency, project }) => (
      <>
        {/* By keyboard the row's own link leads there: one stop a row is enough. */}
        <Link className="link-quiet" href={traceHref(project, run.id)} prefetch={false} tabIndex={-1}>
          <Cost value={run.cost} currency={currency} />
        </Link>
        {run.unpriced_calls > 0 && run.cost !== null ? (
          <span className="text-alarm" title={`${plural(run.unpriced_calls, "call")} without a price`}>
            {" "}
            +?
          </span>
        ) : null}
      </>
    ),
  },
  {
    id: "duration",
    word: "Took",
    isNumber: true,
    isDefault: true,
    sort: "duration",
    cell: (run) => <Took from={run.started_at} to={endOf(run)} />,
  },
  { id: "checks", word: "Checks", isNumber: true, isDefault: true, cell: (run) => <Checks run={run} /> },
  {
    id: "errors",
    word: "Errors",
    isNumber: true,
    isDefault: true,
    sort: "errors",
    cell: (run) =>
      run.errors === 0 ? (
        <span className="text-ink-10">0</span>
      ) : (
        <span className="text-failed">
          <Count value={run.errors} />
        </span>
      ),
  },
  {
    id: "tokens",
    word: "Tokens",
    isNumber: true,
    isDefault: true,
    sort: "tokens",
    cell: (run) => <Count value={TOKEN_BUCKETS.reduce((sum, bucket) => sum + run.tokens[bucket], 0)} isCompact />,
  },
  { id: "release", word: "Release", isDefault: true, className: "run-short", cell: (run) => text(run.release) },
  { id: "calls", word: "Calls", isNumber: true, cell: (run) => <Count value={run.calls} /> },
  { id: "spans", word: "Spans", isNumber: true, cell: (run) => <Count value={run.spans} /> },
  { id: "environment", word: "Environment", className: "run-short", cell: (run) => text(run.environment) },
  { id: "team", word: "Team", className: "run-short", cell: (run) => text(run.team) },
  { id: "customer", word: "Customer", className: "run-short", cell: (run) => text(run.customer) },
  { id: "agent", word: "Agent", className: "run-short", cell: (run) => text(run.agent) },
]

/** The columns an address names, in our order; names that we do not know are left out, and the fixed ones stay. */
export function columnsOf(named: string | null): readonly Column[] {
  if (named === null) return COLUMNS.filter((column) => column.isFixed || column.isDefault)
  const wanted = new Set(named.split(","))
  return COLUMNS.filter((column) => column.isFixed || wanted.has(column.id))
}

/** What the address says for these columns; null for the usual ones. */
export function columnsParam(ids: ReadonlySet<string>): string | null {
  const chosen = COLUMNS.filter((column) => !column.isFixed && ids.has(column.id)).map(({ id }) => id)
  const usual = COLUMNS.filter((column) => column.isDefault).map(({ id }) => id)
  if (chosen.join(",") === usual.join(",")) return null
  return chosen.length === 0 ? "none" : chosen.join(",")
}

function Reason({ run }: { run: RunRow }) {
  const { text: reason, more } = reasonOf(run)
  if (reason === null) return null
  const all = [reason, ...more].join("\n")
  return (
    <span title={all}>
      {reason}
      {more.length > 0 ? <span className="text-ink-10"> and {more.length} more</span> : null}
    </span>
  )
}

function Checks({ run }: { run: RunRow }) {
  if (run.verifications === 0)
    return (
      <span className="text-ink-10" title="No check has reported on this run">
        –
      </span>
    )
  const words = `${plural(run.verifications, "verification")}, ${run.failed_verifications} failed`
  return (
    <span title={words}>
      {run.failed_verifications > 0 ? (
        <span className="text-failed">
          {run.failed_verifications}/{run.verifications} ✕
        </span>
      ) : (
        run.verifications
      )}
    </span>
  )
}
