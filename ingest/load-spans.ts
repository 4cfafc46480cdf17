import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import type { NativeEvent } from "@/lib/contracts/events"
import { parseMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import { type SpanKind, TOKEN_BUCKETS, type Usage } from "@/lib/vocabulary"
import type { Contribution } from "./contribution"
import type { Entry, LedgerEvent } from "./event"
import { emptyUsage } from "./fold-money"
import { type Bounds, ms, type RunKey } from "./load-runs"
import { NO_PLACEMENT, type Placement } from "./span-state"
import { checkTimes } from "./validate"

/** A span's row, as far as totals, dimensions and the tree need it. */
export type StoredSpan = Contribution & {
  projectId: number
  runId: string
  spanId: string
  /** Its start, where its money is booked later; else null. */
  beganAt: number | null
  parentId: string | null
  kind: SpanKind
  isCounted: boolean
  provider: string | null
  model: string | null
  step: string | null
  placement: Placement
  other: string[]
  keyId: number
}

const SPAN_COLUMNS = `s.project_id, s.run_id, s.span_id, ${ms("s.started_at")} as started_at, ${ms("s.began_at")} as began_at, s.parent_id, s.kind, s.status, s.step, s.provider, s.model,
  s.dimension_set_id, s.key_id, s.placement, ${TOKEN_BUCKETS.map((b) => `s.${b}::float8 as ${b}`).join(", ")}, s.is_counted, s.is_call,
  s.cost::text as cost, s.reported_cost::text as reported_cost, s.computed_cost::text as computed_cost`

const FIND_SPANS = `select s.* from unnest(($1::text)::int[], ($2::text)::text[], ($3::text)::text[]) as k(project_id, run_id, span_id)
  cross join lateral (select ${SPAN_COLUMNS} from spans s where s.project_id = k.project_id and s.run_id = k.run_id and s.span_id = k.span_id
    and s.started_at >= $4::timestamptz and s.started_at <= $5::timestamptz offset 0) as s`

const SPANS_OF_RUNS = `select s.* from unnest(($1::text)::int[], ($2::text)::text[]) as k(project_id, run_id)
  cross join lateral (select ${SPAN_COLUMNS} from spans s where s.project_id = k.project_id and s.run_id = k.run_id
    and s.started_at >= $3::timestamptz and s.started_at <= $4::timestamptz offset 0) as s`

type SpanRow = Record<(typeof TOKEN_BUCKETS)[number], number | null> & {
  project_id: number
  run_id: string
  span_id: string
  started_at: number
  began_at: number | null
  parent_id: string | null
  kind: SpanKind
  status: string | null
  step: string | null
  provider: string | null
  model: string | null
  dimension_set_id: number
  key_id: number
  placement: (Partial<Placement> & { other?: string[] }) | null
  is_counted: boolean
  is_call: boolean
  cost: string | null
  reported_cost: string | null
  computed_cost: string | null
}

function toSpan(row: SpanRow): StoredSpan {
  let usage: Usage | null = null
  if (row.input !== null) {
    usage = emptyUsage()
    for (const bucket of TOKEN_BUCKETS) usage[bucket] = row[bucket] ?? 0
  }
  const { other = [], ...placement } = row.placement ?? {}
  return {
    projectId: row.project_id,
    runId: row.run_id,
    spanId: row.span_id,
    startedAt: row.started_at,
    beganAt: row.began_at,
    parentId: row.parent_id,
    kind: row.kind,
    isStep: row.kind === "step",
    isError: row.status === "error",
    isCounted: row.is_counted,
    isCall: row.is_call,
    provider: row.provider,
    model: row.model,
    step: row.step,
    placement: { ...NO_PLACEMENT, ...placement },
    other,
    keyId: row.key_id,
    dimensionSetId: row.dimension_set_id,
    usage,
    cost: row.cost === null ? null : parseMoney(row.cost),
    reportedCost: row.reported_cost === null ? null : parseMoney(row.reported_cost),
    computedCost: row.computed_cost === null ? null : parseMoney(row.computed_cost),
  }
}

export type SpanKey = RunKey & { spanId: string }

/** Rows of the named spans; `bounds` (the runs' own) prune partitions. */
export async function findSpans(tx: TransactionSql, keys: readonly SpanKey[], bounds: Bounds): Promise<StoredSpan[]> {
  if (keys.length === 0) return []
  const columns = [keys.map((k) => k.projectId), keys.map((k) => k.runId), keys.map((k) => k.spanId)]
  const rows = await tx.unsafe<SpanRow[]>(
    FIND_SPANS,
    [...columns.map(arrayLiteral), toIso(bounds.from), toIso(bounds.to)],
    { prepare: true },
  )
  return rows.map(toSpan)
}

export async function spansOfRuns(tx: TransactionSql, keys: readonly RunKey[], bounds: Bounds): Promise<StoredSpan[]> {
  if (keys.length === 0) return []
  const columns = [keys.map((k) => k.projectId), keys.map((k) => k.runId)]
  const rows = await tx.unsafe<SpanRow[]>(
    SPANS_OF_RUNS,
    [...columns.map(arrayLiteral), toIso(bounds.from), toIso(bounds.to)],
    { prepare: true },
  )
  return rows.map(toSpan)
}

const EVENTS_OF_SPANS = `select e.* from unnest(($1::text)::int[], ($2::text)::text[], ($3::text)::text[]) as k(project_id, run_id, span_id)
  cross join lateral (select n, project_id, ${ms("received_at")} as received_at, id, type, run_id, span_id, key_id, body, entry from events
    where project_id = k.project_id and run_id = k.run_id and span_id = k.span_id
    and received_at >= $4::timestamptz and received_at <= $5::timestamptz offset 0) as e`

export type EventRow = {
  n: string
  project_id: number
  received_at: number
  id: string
  type: NativeEvent["type"]
  run_id: string
  span_id: string
  key_id: number
  body: NativeEvent
  entry: Entry
}

export async function eventsOfSpans(
  tx: TransactionSql,
  keys: readonly SpanKey[],
  received: Bounds,
): Promise<LedgerEvent[]> {
  if (keys.length === 0) return []
  const columns = [keys.map((k) => k.projectId), keys.map((k) => k.runId), keys.map((k) => k.spanId)]
  const rows = await tx.unsafe<EventRow[]>(
    EVENTS_OF_SPANS,
    [...columns.map(arrayLiteral), toIso(received.from), toIso(received.to)],
    { prepare: true },
  )
  return rows.map(toLedgerEvent)
}

export function toLedgerEvent(row: EventRow): LedgerEvent {
  const times = checkTimes(row.body)
  if (typeof times === "string") throw new Error(`event ${row.id} in the ledger has no valid ${times}`)
  return {
    projectId: row.project_id,
    n: BigInt(row.n),
    id: row.id,
    type: row.type,
    runId: row.run_id,
    spanId: row.span_id,
    keyId: row.key_id,
    receivedAt: row.received_at,
    seq: row.body.seq ?? null,
    at: times.at,
    event: row.body,
    entry: row.entry,
  }
}
