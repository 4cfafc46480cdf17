import type { TransactionSql } from "postgres"
import { runs } from "@/db/schema/projections"
import { formatMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import { type Proof, TOKEN_BUCKETS, type TokenBucket } from "@/lib/vocabulary"
import type { Reason } from "@/policy/proof"
import type { Sums } from "./contribution"
import { haltOf, type RunWork, startOf, statusOf } from "./run-work"
import { type Cell, columns, Rows, unnest } from "./sql-arrays"

type Totals = { work: RunWork; sums: Sums }
type State = { work: RunWork; dimensionSetId: number; proof: Proof; reasons: Reason[] }

const COUNTS = {
  spans: ({ sums }: Totals) => sums.spans,
  steps: ({ sums }: Totals) => sums.steps,
  errors: ({ sums }: Totals) => sums.errors,
  calls: ({ sums }: Totals) => sums.calls,
  unpriced_calls: ({ sums }: Totals) => sums.unpriced_calls,
  differing_calls: ({ sums }: Totals) => sums.differing_calls,
  ...(Object.fromEntries(TOKEN_BUCKETS.map((name) => [name, ({ sums }: Totals) => sums[name]])) as Record<
    TokenBucket,
    (row: Totals) => Cell
  >),
  cost: ({ sums }: Totals) => formatMoney(sums.cost),
  reported_cost: ({ sums }: Totals) => formatMoney(sums.reported_cost),
  computed_cost: ({ sums }: Totals) => formatMoney(sums.computed_cost),
  verifications: ({ work }: Totals) => work.verifications.length,
  failed_verifications: ({ work }: Totals) =>
    work.verifications.filter((item) => item.event.type === "verification" && item.event.outcome === "failed").length,
  seq_count: ({ work }: Totals) => work.seq?.count ?? 0,
}
const TOTALS = columns<Totals>({
  project_id: ({ work }) => work.projectId,
  id: ({ work }) => work.runId,
  ...COUNTS,
  has_rollup_usage: ({ work }) => work.hasRollupUsage,
  first_span_at: ({ work }) => spanBound(work, "earliest", Math.min),
  last_span_at: ({ work }) => spanBound(work, "latest", Math.max),
  last_event_at: ({ work }) => toIso(Number.isFinite(work.latest) ? work.latest : (work.loaded?.lastEventAt ?? 0)),
  first_received_at: ({ work }) => toIso(work.receivedFrom),
  last_received_at: ({ work }) => toIso(work.receivedTo),
  seq_first: ({ work }) => work.seq?.first ?? null,
  seq_last: ({ work }) => work.seq?.last ?? null,
})
const STATE = columns<State>({
  project_id: ({ work }) => work.projectId,
  id: ({ work }) => work.runId,
  started_at: ({ work }) => toIso(startOf(work)),
  ended_at: ({ work }) => (work.state.end === null ? null : toIso(work.state.end.at)),
  workflow: ({ work }) => work.state.placement.workflow,
  agent: ({ work }) => work.state.start?.agent ?? null,
  environment: ({ work }) => work.state.placement.environment,
  release: ({ work }) => work.state.placement.release,
  team: ({ work }) => work.state.placement.team,
  customer: ({ work }) => work.state.placement.customer,
  tags: ({ work }) => jsonOrNull(work.state.start?.tags),
  plan: ({ work }) => jsonOrNull(work.state.start?.plan),
  checks: ({ work }) => jsonOrNull(work.state.start?.checks),
  status: ({ work }) => statusOf(work),
  hold: ({ work }) => work.judged?.hold ?? null,
  proof: ({ proof }) => proof,
  proof_reasons: ({ reasons }) => JSON.stringify(reasons),
  is_partial: ({ work }) => work.state.start === null,
  halt_step: ({ work }) => haltOf(work)?.step ?? null,
  halt_reason: ({ work }) => haltOf(work)?.reason ?? null,
  halt_by: ({ work }) => haltOf(work)?.by ?? null,
  halt_rule: ({ work }) => haltOf(work)?.rule ?? null,
  halt_observed: ({ work }) => haltOf(work)?.observed ?? null,
  halt_limit: ({ work }) => haltOf(work)?.limit ?? null,
  halt_unit: ({ work }) => haltOf(work)?.unit ?? null,
  output_sha256: ({ work }) => work.state.end?.sha256 ?? null,
  notes: ({ work }) => JSON.stringify(work.state.notes),
  facts: ({ work }) => JSON.stringify(work.nextFacts),
  dimension_set_id: ({ dimensionSetId }) => dimensionSetId,
})

/** A row without a dimension set is this transaction's own placeholder: its bounds stand for nothing. */
const bound = (column: string, pick: "least" | "greatest"): string =>
  `${column} = case when r.dimension_set_id = 0 then excluded.${column} else ${pick}(r.${column}, excluded.${column}) end`
/**
 * The rows exist and are locked. ON CONFLICT finds them by their key whatever the planner believes of the table's size, which a join does not; the values
 * of columns that the statement leaves alone only satisfy NOT NULL on the way.
 */
function upsert(names: readonly string[], others: Record<string, string>, assignments: string): string {
  const target = [...names, ...Object.keys(others)].join(", ")
  return `insert into runs as r (${target}) select u.*, ${Object.values(others).join(", ")}
    from ${unnest(runs, names)} as u(${names.join(", ")}) on conflict (project_id, id) do update set ${assignments}`
}
const UPDATE_TOTALS = upsert(
  TOTALS.names,
  {
    started_at: "u.last_event_at",
    status: "'running'",
    proof: "'pending'",
    proof_reasons: "'[]'::jsonb",
    is_partial: "true",
    notes: "'[]'::jsonb",
    facts: "'{}'::jsonb",
    dimension_set_id: "0",
  },
  `${Object.keys(COUNTS)
    .map((n) => `${n} = r.${n} + excluded.${n}`)
    .join(", ")}, has_rollup_usage = excluded.has_rollup_usage,
  seq_first = least(r.seq_first, excluded.seq_first), seq_last = greatest(r.seq_last, excluded.seq_last),
  first_span_at = least(r.first_span_at, excluded.first_span_at), last_span_at = greatest(r.last_span_at, excluded.last_span_at),
  ${bound("last_event_at", "greatest")}, ${bound("first_received_at", "least")}, ${bound("last_received_at", "greatest")}`,
)
const UPDATE_STATE = upsert(
  STATE.names,
  { last_event_at: "u.started_at", first_received_at: "u.started_at", last_received_at: "u.started_at" },
  STATE.names
    .slice(2)
    .map((n) => `${n} = excluded.${n}`)
    .join(", "),
)

/** Gathers the run rows of one transaction: totals as differences, the state whole. */
export class RunRows {
  readonly #totals = new Rows(TOTALS)
  readonly #states = new Rows(STATE)

  addTotals(row: Totals): void {
    this.#totals.add(row)
  }

  setState(row: State): void {
    this.#states.add(row)
  }

  flush(tx: TransactionSql): Promise<unknown>[] {
    const work: Promise<unknown>[] = []
    if (this.#totals.length > 0) work.push(tx.unsafe(UPDATE_TOTALS, this.#totals.parameters(), { prepare: true }))
    if (this.#states.length > 0) work.push(tx.unsafe(UPDATE_STATE, this.#states.parameters(), { prepare: true }))
    return work
  }
}

function spanBound(work: RunWork, side: "earliest" | "latest", pick: (a: number, b: number) => number): string | null {
  let found: number | null = null
  for (const { after } of work.spans)
    if (after !== null) found = pick(pick(found ?? after.startedAt, after.startedAt), after[side])
  return found === null ? null : toIso(found)
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
