import type { TransactionSql } from "postgres"
import { spans } from "@/db/schema/projections"
import { formatMoney } from "@/lib/money"
import { TOKEN_BUCKETS, type TokenBucket } from "@/lib/vocabulary"
import type { Placement, SpanState } from "./fold-span"
import type { StoredSpan } from "./load"
import { type Cell, columns, insertText, Rows, unnest } from "./sql-arrays"

/** A span as it is to be stored. */
export type SpanToSave = { span: SpanState; isCounted: boolean; isCall: boolean; dimensionSetId: number }
/** A stored span whose counting or dimension set changed, and nothing else. */
export type Recount = { span: StoredSpan; isCounted: boolean; isCall: boolean; dimensionSetId: number }
type Key = { projectId: number; runId: string; spanId: string; startedAt: number }

const iso = (at: number): string => new Date(at).toISOString()
const moneyOrNull = (value: bigint | null): string | null => (value === null ? null : formatMoney(value))
const bucket =
  (name: TokenBucket) =>
  ({ span }: SpanToSave): Cell =>
    span.usage === null ? null : span.usage[name]

const SPAN = columns<SpanToSave>({
  project_id: ({ span }) => span.projectId,
  run_id: ({ span }) => span.runId,
  span_id: ({ span }) => span.spanId,
  started_at: ({ span }) => iso(span.startedAt),
  ended_at: ({ span }) => (span.endedAt === null ? null : iso(span.endedAt)),
  parent_id: ({ span }) => span.parentId,
  kind: ({ span }) => span.kind,
  name: ({ span }) => span.name,
  status: ({ span }) => span.status,
  error: ({ span }) => span.error,
  step: ({ span }) => span.step,
  attempt: ({ span }) => span.attempt,
  outcome: ({ span }) => span.outcome,
  boundaries: ({ span }) => (span.boundaries === null ? null : JSON.stringify(span.boundaries)),
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
  is_estimated: ({ span }) => span.isEstimated,
  is_time_suspect: ({ span }) => span.isTimeSuspect,
  has_start: ({ span }) => span.hasStart,
  event_count: ({ span }) => span.eventCount,
  received_at: ({ span }) => iso(span.receivedAt),
})
const KEY = columns<Key>({
  project_id: (key) => key.projectId,
  run_id: (key) => key.runId,
  span_id: (key) => key.spanId,
  started_at: (key) => iso(key.startedAt),
})
const RECOUNT = columns<Recount>({
  project_id: ({ span }) => span.projectId,
  run_id: ({ span }) => span.runId,
  span_id: ({ span }) => span.spanId,
  started_at: ({ span }) => iso(span.startedAt),
  dimension_set_id: ({ dimensionSetId }) => dimensionSetId,
  is_counted: ({ isCounted }) => isCounted,
  is_call: ({ isCall }) => isCall,
})

const matches = (table: string): string => KEY.names.map((n) => `${table}.${n} = u.${n}`).join(" and ")
const within = (first: number): string =>
  `s.started_at >= $${first}::timestamptz and s.started_at <= $${first + 1}::timestamptz`

const INSERT = insertText(spans, SPAN.names)
const DELETE = `delete from spans s using ${unnest(spans, KEY.names)} as u(${KEY.names.join(", ")})
  where ${matches("s")} and ${within(KEY.names.length + 1)}`
const UPDATE = `update spans s set dimension_set_id = u.dimension_set_id, is_counted = u.is_counted, is_call = u.is_call
  from ${unnest(spans, RECOUNT.names)} as u(${RECOUNT.names.join(", ")}) where ${matches("s")} and ${within(RECOUNT.names.length + 1)}`

/** Gathers the span rows of one transaction. A changed span is taken out and put back: its start, and with it its partition, may have moved. */
export class SpanRows {
  readonly #gone = new Rows(KEY)
  readonly #saved = new Rows(SPAN)
  readonly #recounted = new Rows(RECOUNT)
  /** They prune partitions. */
  readonly #goneWithin = new Bounds()
  readonly #recountedWithin = new Bounds()

  save(row: SpanToSave, before: StoredSpan | null): void {
    if (before) {
      this.#gone.add(before)
      this.#goneWithin.add(before.startedAt)
    }
    this.#saved.add(row)
  }

  recount(row: Recount): void {
    this.#recounted.add(row)
    this.#recountedWithin.add(row.span.startedAt)
  }

  flush(tx: TransactionSql): Promise<unknown>[] {
    const work: Promise<unknown>[] = []
    const run = (text: string, parameters: string[]) => work.push(tx.unsafe(text, parameters, { prepare: true }))
    if (this.#gone.length > 0) run(DELETE, [...this.#gone.parameters(), ...this.#goneWithin.parameters()])
    if (this.#saved.length > 0) run(INSERT, this.#saved.parameters())
    if (this.#recounted.length > 0)
      run(UPDATE, [...this.#recounted.parameters(), ...this.#recountedWithin.parameters()])
    return work
  }
}

class Bounds {
  #from = Number.POSITIVE_INFINITY
  #to = Number.NEGATIVE_INFINITY

  add(at: number): void {
    if (at < this.#from) this.#from = at
    if (at > this.#to) this.#to = at
  }

  parameters(): string[] {
    return [iso(this.#from), iso(this.#to)]
  }
}

function placementJson(placement: Placement, other: readonly string[]): string | null {
  if (other.length === 0 && isEmpty(placement)) return null
  const named = Object.entries(placement).filter(([, value]) => value !== null)
  return JSON.stringify({ ...Object.fromEntries(named), ...(other.length > 0 ? { other } : {}) })
}

function isEmpty(p: Placement): boolean {
  return p.workflow === null && p.environment === null && p.release === null && p.team === null && p.customer === null
}
