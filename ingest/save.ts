import type { TransactionSql } from "postgres"
import { events as eventsTable } from "@/db/schema/ledger"
import { runs, spans, verifications } from "@/db/schema/projections"
import { formatMoney } from "@/lib/money"
import type { Proof } from "@/lib/vocabulary"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"
import { addContribution, type Contribution, type Deltas, type Sums, zeroSums } from "./contribution"
import type { CanonicalEvent, LedgerEvent } from "./event"
import { credible, type Placement, type SpanState } from "./fold-span"
import type { StoredSpan, StoredVerification } from "./load"
import type { Reason } from "./proof"
import { isRollup, type RunWork, startOf } from "./run-work"
import { saveRollups } from "./save-rollups"
import { type Cell, insertText, Rows, unnest } from "./sql-arrays"

const EVENT = ["project_id", "received_at", "id", "type", "run_id", "span_id", "key_id", "body", "entry"] as const
const SPAN = [
  "project_id",
  "run_id",
  "span_id",
  "started_at",
  "ended_at",
  "parent_id",
  "kind",
  "name",
  "status",
  "error",
  "step",
  "attempt",
  "outcome",
  "boundaries",
  "provider",
  "model",
  "dimension_set_id",
  "key_id",
  "placement",
  ...TOKEN_BUCKETS,
  "is_counted",
  "is_call",
  "cost",
  "cost_source",
  "reported_cost",
  "computed_cost",
  "price_id",
  "is_estimated",
  "is_time_suspect",
  "has_start",
  "event_count",
  "received_at",
] as const
const SPAN_KEY = ["project_id", "run_id", "span_id", "started_at"] as const
const RECOUNT = [...SPAN_KEY, "dimension_set_id", "is_counted", "is_call"] as const
const RUN_SUMS = [
  "spans",
  "steps",
  "errors",
  "calls",
  "unpriced_calls",
  ...TOKEN_BUCKETS,
  "cost",
  "reported_cost",
  "computed_cost",
] as const
const RUN_TOTALS = [
  "project_id",
  "id",
  ...RUN_SUMS,
  "verifications",
  "failed_verifications",
  "has_rollup_usage",
  "first_span_at",
  "last_span_at",
  "last_event_at",
  "first_received_at",
  "last_received_at",
] as const
const RUN_STATE = [
  "project_id",
  "id",
  "started_at",
  "ended_at",
  "workflow",
  "agent",
  "environment",
  "release",
  "team",
  "customer",
  "tags",
  "plan",
  "checks",
  "status",
  "proof",
  "proof_reasons",
  "is_partial",
  "halt_step",
  "halt_reason",
  "halt_by",
  "halt_rule",
  "output_sha256",
  "notes",
  "facts",
  "dimension_set_id",
] as const
const VERIFICATION = [
  "project_id",
  "id",
  "run_id",
  "at",
  "seq",
  "step",
  "check_name",
  "outcome",
  "score",
  "threshold",
  "evidence",
  "artifact",
  "verifier_name",
  "verifier_hash",
  "dimension_set_id",
  "received_at",
] as const
const VERIFICATION_MOVE = ["project_id", "id", "dimension_set_id"] as const

const list = (names: readonly string[]): string => names.join(", ")
const joinKey = (table: string, names: readonly string[]): string =>
  names.map((n) => `${table}.${n} = u.${n}`).join(" and ")

const INSERT_EVENTS = insertText(eventsTable, EVENT)
const INSERT_SPANS = insertText(spans, SPAN)
const DELETE_SPANS = `delete from spans s using ${unnest(spans, SPAN_KEY)} as u(${list(SPAN_KEY)}) where ${joinKey("s", SPAN_KEY)} and s.started_at >= $5::timestamptz and s.started_at <= $6::timestamptz`
const RECOUNT_SPANS = `update spans s set dimension_set_id = u.dimension_set_id, is_counted = u.is_counted, is_call = u.is_call
  from ${unnest(spans, RECOUNT)} as u(${list(RECOUNT)}) where ${joinKey("s", SPAN_KEY)} and s.started_at >= $8::timestamptz and s.started_at <= $9::timestamptz`
/** A row without a dimension set is this transaction's own placeholder: its bounds stand for nothing. */
const bound = (column: string, pick: "least" | "greatest"): string =>
  `${column} = case when r.dimension_set_id = 0 then u.${column} else ${pick}(r.${column}, u.${column}) end`
const UPDATE_TOTALS = `update runs r set ${[...RUN_SUMS, "verifications", "failed_verifications"].map((n) => `${n} = r.${n} + u.${n}`).join(", ")},
  has_rollup_usage = r.has_rollup_usage or u.has_rollup_usage, first_span_at = least(r.first_span_at, u.first_span_at),
  last_span_at = greatest(r.last_span_at, u.last_span_at), ${bound("last_event_at", "greatest")}, ${bound("first_received_at", "least")},
  ${bound("last_received_at", "greatest")}
  from ${unnest(runs, RUN_TOTALS)} as u(${list(RUN_TOTALS)}) where ${joinKey("r", ["project_id", "id"])}`
const UPDATE_STATE = `update runs r set ${RUN_STATE.slice(2)
  .map((n) => `${n} = u.${n}`)
  .join(", ")} from ${unnest(runs, RUN_STATE)} as u(${list(RUN_STATE)}) where ${joinKey("r", ["project_id", "id"])}`
const INSERT_VERIFICATIONS = insertText(verifications, VERIFICATION)
const MOVE_VERIFICATIONS = `update verifications v set dimension_set_id = u.dimension_set_id
  from ${unnest(verifications, VERIFICATION_MOVE)} as u(${list(VERIFICATION_MOVE)}) where ${joinKey("v", ["project_id", "id"])}`

const iso = (at: number): string => new Date(at).toISOString()
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at))
const moneyOrNull = (value: bigint | null): string | null => (value === null ? null : formatMoney(value))
const EVIDENCE_SHOWN = 2_000

/** All rows that one transaction writes to the projections, gathered first, so that each table is written by one statement. */
export class SaveSet {
  readonly #spans = new Rows(SPAN)
  readonly #gone = new Rows(SPAN_KEY)
  readonly #recounted = new Rows(RECOUNT)
  readonly #totals = new Rows(RUN_TOTALS)
  readonly #states = new Rows(RUN_STATE)
  readonly #verifications = new Rows(VERIFICATION)
  readonly #moved = new Rows(VERIFICATION_MOVE)
  readonly #sums = new Map<RunWork, Sums>()
  readonly #goneBounds = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY }
  readonly #recountedBounds = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY }

  constructor(readonly deltas: Deltas) {}

  /** Moves the difference that one span makes to its run's totals and to the roll-up. */
  contribution(work: RunWork, before: Contribution | null, after: Contribution): void {
    let sums = this.#sums.get(work)
    if (!sums) {
      sums = zeroSums()
      this.#sums.set(work, sums)
    }
    if (before) {
      addContribution(sums, before, -1)
      this.deltas.addSpan(work.projectId, before, -1)
    }
    addContribution(sums, after, 1)
    this.deltas.addSpan(work.projectId, after, 1)
  }

  /** A changed span is taken out and put back: its start, and with it its partition, may have moved. */
  span(span: SpanState, before: StoredSpan | null, isCounted: boolean, isCall: boolean, dimensionSetId: number): void {
    if (before) {
      this.#gone.add({ ...spanKeyRow(before) })
      widen(this.#goneBounds, before.startedAt)
    }
    const usage = span.usage
    this.#spans.add({
      ...spanKeyRow(span),
      ended_at: isoOrNull(span.endedAt),
      parent_id: span.parentId,
      kind: span.kind,
      name: span.name,
      status: span.status,
      error: span.error,
      step: span.step,
      attempt: span.attempt,
      outcome: span.outcome,
      boundaries: span.boundaries === null ? null : JSON.stringify(span.boundaries),
      provider: span.provider,
      model: span.model,
      dimension_set_id: dimensionSetId,
      key_id: span.keyId,
      placement: placementJson(span.placement, span.other),
      input: usage?.input ?? null,
      cache_read: usage?.cache_read ?? null,
      cache_write: usage?.cache_write ?? null,
      output: usage?.output ?? null,
      reasoning: usage?.reasoning ?? null,
      audio_input: usage?.audio_input ?? null,
      audio_output: usage?.audio_output ?? null,
      is_counted: isCounted,
      is_call: isCall,
      cost: moneyOrNull(span.cost),
      cost_source: span.costSource,
      reported_cost: moneyOrNull(span.reportedCost),
      computed_cost: moneyOrNull(span.computedCost),
      price_id: span.priceId,
      is_estimated: span.isEstimated,
      is_time_suspect: span.isTimeSuspect,
      has_start: span.hasStart,
      event_count: span.eventCount,
      received_at: iso(span.receivedAt),
    })
  }

  recountSpan(span: StoredSpan, isCounted: boolean, isCall: boolean, dimensionSetId: number): void {
    this.#recounted.add({
      ...spanKeyRow(span),
      dimension_set_id: dimensionSetId,
      is_counted: isCounted,
      is_call: isCall,
    })
    widen(this.#recountedBounds, span.startedAt)
  }

  run(work: RunWork, dimensionSetId: number, proven: { proof: Proof; reasons: Reason[] } | null): void {
    const { loaded, state, projectId, runId } = work
    const sums = this.#sums.get(work) ?? zeroSums()
    const spanStates = work.spans.flatMap((change) => (change.after ? [change.after] : []))
    this.#totals.add({
      project_id: projectId,
      id: runId,
      ...(Object.fromEntries(
        RUN_SUMS.map((n) => [n, isMoney(n) ? formatMoney(sums[n]) : (sums[n] as number)]),
      ) as Record<(typeof RUN_SUMS)[number], Cell>),
      verifications: work.verifications.length,
      failed_verifications: work.verifications.filter(
        (item) => item.event.type === "verification" && item.event.outcome === "failed",
      ).length,
      has_rollup_usage: spanStates.some(isRollup),
      first_span_at: spanStates.length === 0 ? null : iso(Math.min(...spanStates.map((span) => span.earliest))),
      last_span_at: spanStates.length === 0 ? null : iso(Math.max(...spanStates.map((span) => span.latest))),
      last_event_at: iso(work.latest),
      first_received_at: iso(work.receivedFrom),
      last_received_at: iso(work.receivedTo),
    })
    if (!proven) return
    const startedAt = startOf(work)
    const { start, end } = state
    const isHalt = end?.kind === "halted"
    this.#states.add({
      project_id: projectId,
      id: runId,
      started_at: iso(startedAt),
      ended_at: isoOrNull(end?.at ?? null),
      ...state.placement,
      agent: start?.agent ?? null,
      tags: start ? JSON.stringify(start.tags) : null,
      plan: start ? JSON.stringify(start.plan) : null,
      checks: start ? JSON.stringify(start.checks) : null,
      status: state.status,
      proof: proven.proof,
      proof_reasons: JSON.stringify(proven.reasons),
      is_partial: start === null,
      halt_step: isHalt ? end.step : null,
      halt_reason: isHalt ? end.reason : null,
      halt_by: isHalt ? end.by : null,
      halt_rule: isHalt ? end.rule : null,
      output_sha256: end?.sha256 ?? null,
      notes: JSON.stringify(state.notes),
      facts: JSON.stringify(work.nextFacts),
      dimension_set_id: dimensionSetId,
    })
    if (loaded && !loaded.isNew)
      this.deltas.addCount(
        "health",
        projectId,
        loaded.startedAt,
        loaded.dimensionSetId,
        loaded.status,
        loaded.proof,
        -1,
      )
    this.deltas.addCount("health", projectId, startedAt, dimensionSetId, state.status, proven.proof, 1)
  }

  verification(item: LedgerEvent, dimensionSetId: number): void {
    if (item.event.type !== "verification") throw new Error(`a ${item.type} event is no verification`)
    const { check, outcome, step, score, threshold, evidence, artifact, verifier } = item.event
    const at = credible(item.at, item.receivedAt)
    this.#verifications.add({
      project_id: item.projectId,
      id: item.id,
      run_id: item.runId,
      at: iso(at),
      seq: item.seq,
      step: step ?? null,
      check_name: check,
      outcome,
      score: score ?? null,
      threshold: threshold ?? null,
      evidence: evidence === undefined ? null : evidence.slice(0, EVIDENCE_SHOWN).toWellFormed(),
      artifact: artifact ?? null,
      verifier_name: verifier?.name ?? null,
      verifier_hash: verifier?.hash ?? null,
      dimension_set_id: dimensionSetId,
      received_at: iso(item.receivedAt),
    })
    this.deltas.addCount("verification", item.projectId, at, dimensionSetId, check, outcome, 1)
  }

  moveVerification(row: StoredVerification, dimensionSetId: number): void {
    this.#moved.add({ project_id: row.projectId, id: row.id, dimension_set_id: dimensionSetId })
    this.deltas.addCount("verification", row.projectId, row.at, row.dimensionSetId, row.check, row.outcome, -1)
    this.deltas.addCount("verification", row.projectId, row.at, dimensionSetId, row.check, row.outcome, 1)
  }

  /**
   * Writes everything; the statements travel together, the server runs them in this order.
   * @param options.rollups false in a rebuild, which sums them up anew when all spans are there.
   */
  async flush(tx: TransactionSql, { rollups = true } = {}): Promise<void> {
    const work: Promise<unknown>[] = []
    const write = (text: string, rows: Rows<string>, extra: string[] = []) => {
      if (rows.length > 0) work.push(tx.unsafe(text, [...rows.parameters(), ...extra], { prepare: true }))
    }
    write(DELETE_SPANS, this.#gone, boundParameters(this.#goneBounds))
    write(INSERT_SPANS, this.#spans)
    write(RECOUNT_SPANS, this.#recounted, boundParameters(this.#recountedBounds))
    write(UPDATE_TOTALS, this.#totals)
    write(UPDATE_STATE, this.#states)
    write(INSERT_VERIFICATIONS, this.#verifications)
    write(MOVE_VERIFICATIONS, this.#moved)
    if (rollups) work.push(...saveRollups(tx, this.deltas))
    await Promise.all(work)
  }
}

/** Appends events with their entries, in ledger order. */
export function insertEvents(
  tx: TransactionSql,
  events: readonly { event: CanonicalEvent; ledger: LedgerEvent }[],
): Promise<unknown> {
  const rows = new Rows(EVENT)
  for (const { event, ledger } of events) {
    rows.add({
      project_id: event.projectId,
      received_at: iso(event.receivedAt),
      id: event.id,
      type: event.type,
      run_id: event.runId,
      span_id: event.spanId,
      key_id: event.keyId,
      body: event.body,
      entry: JSON.stringify(ledger.entry),
    })
  }
  return tx.unsafe(INSERT_EVENTS, rows.parameters(), { prepare: true })
}

function spanKeyRow(span: { projectId: number; runId: string; spanId: string; startedAt: number }) {
  return { project_id: span.projectId, run_id: span.runId, span_id: span.spanId, started_at: iso(span.startedAt) }
}

function placementJson(placement: Placement, other: readonly string[]): string | null {
  const named = Object.entries(placement).filter(([, value]) => value !== null)
  if (named.length === 0 && other.length === 0) return null
  return JSON.stringify({ ...Object.fromEntries(named), ...(other.length > 0 ? { other } : {}) })
}

function isMoney(name: (typeof RUN_SUMS)[number]): name is "cost" | "reported_cost" | "computed_cost" {
  return name === "cost" || name === "reported_cost" || name === "computed_cost"
}

function widen(bounds: { from: number; to: number }, at: number): void {
  if (at < bounds.from) bounds.from = at
  if (at > bounds.to) bounds.to = at
}

function boundParameters({ from, to }: { from: number; to: number }): string[] {
  return Number.isFinite(from) ? [iso(from), iso(to)] : []
}
