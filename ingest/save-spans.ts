import type { TransactionSql } from "postgres"
import { spans } from "@/db/schema/projections"
import { formatMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import { TOKEN_BUCKETS, type TokenBucket } from "@/lib/vocabulary"
import type { StoredSpan } from "./load-spans"
import type { Placement, SpanState } from "./span-state"
import { type Cell, columns, insertText, Rows, unnest } from "./sql-arrays"

/** A span as it is to be stored. */
export type SpanToSave = { span: SpanState; isCounted: boolean; isCall: boolean; dimensionSetId: number }
/** A stored span whose counting or dimension set changed, and nothing else. */
export type Recount = { span: StoredSpan; isCounted: boolean; isCall: boolean; dimensionSetId: number }
type Key = { projectId: number; runId: string; spanId: string; startedAt: number }

const moneyOrNull = (value: bigint | null): string | null => (value === null ? null : formatMoney(value))
const bucket =
  (name: TokenBucket) =>
  ({ span }: SpanToSave): Cell =>
    span.usage === null ? null : span.usage[name]

const SPAN = columns<SpanToSave>({
  project_id: ({ span }) => span.projectId,
  run_id: ({ span }) => span.runId,
  span_id: ({ span }) => span.spanId,
  started_at: ({ span }) => toIso(span.startedAt),
  began_at: ({ span }) => (span.beganAt === null ? null : toIso(span.beganAt)),
  late_events: ({ span }) => span.lateEvents,
  ended_at: ({ span }) => (span.endedAt === null ? null : toIso(span.endedAt)),
  parent_id: ({ span }) => span.parentId,
  kind: ({ span }) => span.kind,
  name: ({ span }) => span.name,
  status: ({ span }) => span.status,
  error: ({ span }) => span.error,
  step: ({ span }) => span.step,
  attempt: ({ span }) => span.attempt,
  outcome: ({ span }) => span.outcome,
  boundaries: ({ span }) => (span.boundaries === null ? null : JSON.stringify(span.boundaries)),
  args_hash: ({ span }) => span.argsHash,
  provider: ({ span }) => span.provider,
  model: ({ span }) => span.model,
  dimension_set_id: ({ dimensionSetId }) => dimensionSetId,
  key_id: ({ span }) => span.keyId,
  placement: ({ span }) => placementJson(span.placement, span.other),
  ...(Object.fromEntries(TOKEN_BUCKETS.map((name) => [name, bucket(name)])) as Record<
    TokenBucket,
    (row: SpanToSave) => Cell
  >),
  is_counted: ({ isCounted }) => isCounted,
  is_call: ({ isCall }) => isCall,
  cost: ({ span }) => moneyOrNull(span.cost),
  cost_source: ({ span }) => span.costSource,
  reported_cost: ({ span }) => moneyOrNull(span.reportedCost),
  computed_cost: ({ span }) => moneyOrNull(span.computedCost),
  price_id: ({ span }) => span.priceId,
  billing: ({ span }) => billingJson(span),
  is_estimated: ({ span }) => span.isEstimated,
  is_time_suspect: ({ span }) => span.isTimeSuspect,
  has_start: ({ span }) => span.hasStart,
  event_count: ({ span }) => span.eventCount,
  received_at: ({ span }) => toIso(span.receivedAt),
})
const RECOUNT = columns<Recount>({
  project_id: ({ span }) => span.projectId,
  run_id: ({ span }) => span.runId,
  span_id: ({ span }) => span.spanId,
  started_at: ({ span }) => toIso(span.startedAt),
  dimension_set_id: ({ dimensionSetId }) => dimensionSetId,
  is_counted: ({ isCounted }) => isCounted,
  is_call: ({ isCall }) => isCall,
})

const PRIMARY_KEY = SPAN.names.slice(0, 4)
const INSERT = insertText(spans, SPAN.names)
const onConflict = (names: readonly string[]): string =>
  `on conflict (${PRIMARY_KEY.join(", ")}) do update set ${names.map((n) => `${n} = excluded.${n}`).join(", ")}`
const REPLACE = insertText(spans, SPAN.names, onConflict(SPAN.names.slice(4)))
/** The rows exist; ON CONFLICT finds them by their key whatever the planner believes, and the other values only satisfy NOT NULL on the way. */
const RECOUNT_ROWS = `insert into spans (${RECOUNT.names.join(", ")}, kind, name, key_id, is_estimated, is_time_suspect, has_start, event_count, received_at)
  select u.*, 'other', '', 0, false, false, false, 0, u.started_at from ${unnest(spans, RECOUNT.names)} as u(${RECOUNT.names.join(", ")})
  ${onConflict(RECOUNT.names.slice(4))}`
const REMOVE = `delete from spans where project_id = $1 and run_id = $2 and span_id = $3 and started_at = $4::timestamptz`

/** Gathers the span rows of one transaction: new ones, changed ones, and those of which only the counting changes. */
export class SpanRows {
  readonly #added = new Rows(SPAN)
  readonly #replaced = new Rows(SPAN)
  readonly #recounted = new Rows(RECOUNT)
  readonly #moved: Key[] = []

  save(row: SpanToSave, before: StoredSpan | null): void {
    if (before?.startedAt === row.span.startedAt) {
      this.#replaced.add(row)
      return
    }
    // Another start is another key, and maybe another partition: taken out and put back.
    if (before) this.#moved.push(before)
    this.#added.add(row)
  }

  recount(row: Recount): void {
    this.#recounted.add(row)
  }

  flush(tx: TransactionSql): Promise<unknown>[] {
    const work: Promise<unknown>[] = []
    const run = (text: string, parameters: (string | number)[]) =>
      work.push(tx.unsafe(text, parameters, { prepare: true }))
    for (const key of this.#moved) run(REMOVE, [key.projectId, key.runId, key.spanId, toIso(key.startedAt)])
    if (this.#added.length > 0) run(INSERT, this.#added.parameters())
    if (this.#replaced.length > 0) run(REPLACE, this.#replaced.parameters())
    if (this.#recounted.length > 0) run(RECOUNT_ROWS, this.#recounted.parameters())
    return work
  }
}

/** What the price depended on beside the columns, as `db/queries/billing.ts` reads it; null when that is nothing. */
function billingJson(span: SpanState): string | null {
  const { extras, askedModel, serviceTier, discount, repricing, remapping } = span
  if (!isBilledApart(span)) return null
  const decided = { asked_model: askedModel, service_tier: serviceTier, discount, repricing, remapping }
  const billing = Object.entries({ ...decided, ...extras })
  return JSON.stringify(Object.fromEntries(billing.filter(([, value]) => value !== null)))
}

function isBilledApart({ extras, askedModel, serviceTier, discount, repricing, remapping }: SpanState): boolean {
  for (const _ in extras) return true
  return [askedModel, serviceTier, discount, repricing, remapping].some((value) => value !== null)
}

/** Spans of one sender follow each other: what was written of the one before is mostly what is to be written. */
let written: { placement: Placement; json: string } | null = null

function placementJson(placement: Placement, other: readonly string[]): string | null {
  if (other.length === 0 && isEmpty(placement)) return null
  if (other.length === 0 && written !== null && isSame(written.placement, placement)) return written.json
  const named = Object.entries(placement).filter(([, value]) => value !== null)
  const json = JSON.stringify({ ...Object.fromEntries(named), ...(other.length > 0 ? { other } : {}) })
  if (other.length === 0) written = { placement, json }
  return json
}

const isSame = (a: Placement, b: Placement): boolean =>
  a.workflow === b.workflow &&
  a.environment === b.environment &&
  a.release === b.release &&
  a.team === b.team &&
  a.customer === b.customer

function isEmpty(p: Placement): boolean {
  return p.workflow === null && p.environment === null && p.release === null && p.team === null && p.customer === null
}
