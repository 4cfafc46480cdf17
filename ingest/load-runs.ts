import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import { type Money, parseMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import type { Hold, Proof, RunStatus } from "@/lib/vocabulary"
import type { StepFacts } from "@/policy/attempts"
import type { VerificationFacts } from "@/policy/proof"
import type { PolicyVerification } from "@/policy/types"
import type { RunFacts } from "./run-facts"
import { isSeen, see } from "./seen-runs"
import type { Boundary } from "./span-state"

/**
 * What a transaction reads before it writes. Runs are locked in key order by a statement of their own; everything after it sees a snapshot that
 * no other writer of these runs can change. Instants come as milliseconds.
 */
export type LoadedRun = {
  projectId: number
  runId: string
  startedAt: number
  isPartial: boolean
  status: RunStatus
  proof: Proof
  facts: RunFacts
  dimensionSetId: number
  spans: number
  verifications: number
  hasRollupUsage: boolean
  firstSpanAt: number | null
  lastSpanAt: number | null
  firstReceivedAt: number
  lastReceivedAt: number
  lastEventAt: number
  hold: Hold | null
  cost: Money
  calls: number
  unpricedCalls: number
  seq: { first: number; last: number; count: number } | null
  /** The policies that it is judged by (`run_policies`), and when time alone may change what they find. Null = none. */
  pin: string | null
  dueAt: number | null
  /** Its line was tightened when it began. */
  isTight: boolean
  /** The newest policy of the project: what a run that begins now is judged by. */
  newestPolicy: string | null
  /** People did something to it, or its runner was told to halt. */
  hasActs: boolean
  hasFindings: boolean
  /** It has been told something that still holds. */
  isTold: boolean
}

export type RunKey = { projectId: number; runId: string }
export const runKey = (k: RunKey): string => `${k.projectId} ${k.runId}`

/** Instants, milliseconds, inclusive: they prune partitions. */
export type Bounds = { from: number; to: number }
export const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`

/**
 * `lateral (… offset 0)` fences each look-up, so that it is always one probe of the primary key: left alone, the planner may start from row-level
 * security's "all rows of the project" while the table is still small, and keep that plan when it no longer is. Keys come sorted, so locks do too.
 */
const LOCK_RUNS = `select r.* from unnest(($1::text)::int[], ($2::text)::text[]) as k(project_id, id)
  cross join lateral (
    select project_id, id, ${ms("started_at")} as started_at, is_partial, status, proof, facts, dimension_set_id, spans, verifications,
      has_rollup_usage, ${ms("first_span_at")} as first_span_at, ${ms("last_span_at")} as last_span_at,
      ${ms("first_received_at")} as first_received_at, ${ms("last_received_at")} as last_received_at, ${ms("last_event_at")} as last_event_at,
      hold, cost::text as cost, calls, unpriced_calls, seq_first::float8 as seq_first, seq_last::float8 as seq_last, seq_count
    from runs where project_id = k.project_id and id = k.id for update
  ) as r`

/**
 * What is kept of the locked runs in other tables. A statement of its own: one that has waited for a lock reads the locked row anew, all else as it was before.
 */
const BESIDE_RUNS = `select k.project_id, k.id, (select max(p.id)::text from policies p where p.project_id = k.project_id) as newest_policy,
    (select p.pin || ' ' || coalesce(${ms("p.due_at")}::text, '') || case when p.is_tight then ' tight' else '' end from run_policies p where p.project_id = k.project_id and p.run_id = k.id) as pin,
    exists (select from run_acts a where a.project_id = k.project_id and a.run_id = k.id) or exists (select from directives d where d.project_id = k.project_id and d.run_id = k.id and d.kind = 'halt' and d.state <> 'ended') as has_acts,
    exists (select from run_findings f where f.project_id = k.project_id and f.run_id = k.id) as has_findings,
    exists (select from directives d where d.project_id = k.project_id and d.run_id = k.id and d.state <> 'ended') as is_told
  from unnest(($1::text)::int[], ($2::text)::text[]) as k(project_id, id)`

/** A row to lock for a run that nobody has seen: the update of the same transaction fills it. */
const PLACEHOLDERS = `insert into runs (project_id, id, started_at, last_event_at, status, proof, proof_reasons, is_partial, notes, facts,
  dimension_set_id, first_received_at, last_received_at)
  select k.project_id, k.id, t.at, t.at, 'running', 'pending', '[]', true, '[]', '{"starts":[],"ends":[]}', 0, t.at, t.at
  from unnest(($1::text)::int[], ($2::text)::text[]) as k(project_id, id), (select ($3::text)::timestamptz as at) as t
  on conflict do nothing`

type RunRow = {
  project_id: number
  id: string
  started_at: number
  is_partial: boolean
  status: RunStatus
  proof: Proof
  facts: RunFacts
  dimension_set_id: number
  spans: number
  verifications: number
  has_rollup_usage: boolean
  first_span_at: number | null
  last_span_at: number | null
  first_received_at: number
  last_received_at: number
  last_event_at: number
  hold: Hold | null
  cost: string
  calls: number
  unpriced_calls: number
  seq_first: number | null
  seq_last: number | null
  seq_count: number
}
type BesideRow = {
  project_id: number
  id: string
  newest_policy: string | null
  /** The pin, when it is due, and `tight` for one that began on a tightened line; a space between. */
  pin: string | null
  has_acts: boolean
  has_findings: boolean
  is_told: boolean
}

/**
 * Locks the runs, making those that are missing; `isNew` = its row was made by this transaction. The missing are made before any is locked, both in
 * key order: who locked what exists first and then made the rest could wait for a writer that waits for him.
 */
export async function lockRuns(
  tx: TransactionSql,
  wanted: readonly RunKey[],
  placeholderAt: string,
): Promise<Map<string, LoadedRun & { isNew: boolean }>> {
  if (wanted.length === 0) return new Map()
  const sorted = [...wanted].sort((a, b) => a.projectId - b.projectId || (a.runId < b.runId ? -1 : 1))
  const keys = [arrayLiteral(sorted.map((k) => k.projectId)), arrayLiteral(sorted.map((k) => k.runId))]
  const make = () => tx.unsafe(PLACEHOLDERS, [...keys, placeholderAt], { prepare: true })
  const lock = () => tx.unsafe<RunRow[]>(LOCK_RUNS, keys, { prepare: true })
  const read = () => tx.unsafe<BesideRow[]>(BESIDE_RUNS, keys, { prepare: true })
  const areSeen = sorted.every((key) => isSeen(runKey(key)))
  // The driver sends them in the order of one list.
  let [, rows, beside] = await Promise.all([areSeen ? null : make(), lock(), read()])
  // Seen once, gone since.
  if (rows.length < sorted.length) [, rows, beside] = await Promise.all([make(), lock(), read()])
  const besideOf = new Map(beside.map((row) => [`${row.project_id} ${row.id}`, row]))
  // A row without a dimension set is a placeholder that nothing has filled.
  return new Map(
    rows.map((row) => {
      const key = `${row.project_id} ${row.id}`
      const isNew = row.dimension_set_id === 0
      if (!isNew) see(key)
      return [key, { ...toRun(row, besideOf.get(key)), isNew }]
    }),
  )
}

function toRun(row: RunRow, beside: BesideRow | undefined): LoadedRun {
  return {
    projectId: row.project_id,
    runId: row.id,
    startedAt: row.started_at,
    isPartial: row.is_partial,
    status: row.status,
    proof: row.proof,
    facts: row.facts,
    dimensionSetId: row.dimension_set_id,
    spans: row.spans,
    verifications: row.verifications,
    hasRollupUsage: row.has_rollup_usage,
    firstSpanAt: row.first_span_at,
    lastSpanAt: row.last_span_at,
    firstReceivedAt: row.first_received_at,
    lastReceivedAt: row.last_received_at,
    lastEventAt: row.last_event_at,
    hold: row.hold,
    cost: parseMoney(row.cost),
    calls: row.calls,
    unpricedCalls: row.unpriced_calls,
    seq:
      row.seq_first === null || row.seq_last === null
        ? null
        : { first: row.seq_first, last: row.seq_last, count: row.seq_count },
    ...pinOf(beside?.pin ?? null),
    newestPolicy: beside?.newest_policy ?? null,
    hasActs: beside?.has_acts ?? false,
    hasFindings: beside?.has_findings ?? false,
    isTold: beside?.is_told ?? true,
  }
}

function pinOf(text: string | null): Pick<LoadedRun, "pin" | "dueAt" | "isTight"> {
  const [pin = "", due = "", tight] = text?.split(" ") ?? []
  return { pin: pin === "" ? null : pin, dueAt: due === "" ? null : Number(due), isTight: tight === "tight" }
}

const STEPS_OF_RUNS = `select s.* from unnest(($1::text)::int[], ($2::text)::text[]) as k(project_id, run_id)
  cross join lateral (select project_id, run_id, span_id, coalesce(step, name) as step, attempt, boundaries from spans
    where project_id = k.project_id and run_id = k.run_id and kind = 'step'
    and started_at >= $3::timestamptz and started_at <= $4::timestamptz offset 0) as s`

export type StoredStep = RunKey & StepFacts & { spanId: string; attempt: number | null }

export async function stepsOfRuns(tx: TransactionSql, keys: readonly RunKey[], bounds: Bounds): Promise<StoredStep[]> {
  if (keys.length === 0) return []
  const columns = [keys.map((k) => k.projectId), keys.map((k) => k.runId)]
  const rows = await tx.unsafe<
    {
      project_id: number
      run_id: string
      span_id: string
      step: string
      attempt: number | null
      boundaries: Boundary[] | null
    }[]
  >(STEPS_OF_RUNS, [...columns.map(arrayLiteral), toIso(bounds.from), toIso(bounds.to)], { prepare: true })
  return rows.map((row) => ({
    projectId: row.project_id,
    runId: row.run_id,
    spanId: row.span_id,
    step: row.step,
    attempt: row.attempt,
    boundaries: row.boundaries ?? [],
  }))
}

const VERIFICATIONS_OF_RUNS = `select v.* from unnest(($1::text)::int[], ($2::text)::text[]) as k(project_id, run_id)
  cross join lateral (select project_id, run_id, id, check_name, outcome, artifact, verifier_name, verifier_hash, score::float8 as score, step, seq::float8 as seq,
    ${ms("at")} as at, dimension_set_id from verifications where project_id = k.project_id and run_id = k.run_id offset 0) as v`

export type StoredVerification = RunKey & PolicyVerification & { dimensionSetId: number }

export async function verificationsOfRuns(tx: TransactionSql, keys: readonly RunKey[]): Promise<StoredVerification[]> {
  if (keys.length === 0) return []
  const columns = [keys.map((k) => k.projectId), keys.map((k) => k.runId)]
  const rows = await tx.unsafe<
    {
      project_id: number
      run_id: string
      id: string
      check_name: string
      outcome: VerificationFacts["outcome"]
      artifact: string | null
      verifier_name: string | null
      verifier_hash: string | null
      score: number | null
      step: string | null
      seq: number | null
      at: number
      dimension_set_id: number
    }[]
  >(VERIFICATIONS_OF_RUNS, columns.map(arrayLiteral), { prepare: true })
  return rows.map((row) => ({
    projectId: row.project_id,
    runId: row.run_id,
    id: row.id,
    check: row.check_name,
    outcome: row.outcome,
    artifact: row.artifact,
    verifierName: row.verifier_name,
    verifierHash: row.verifier_hash,
    score: row.score,
    step: row.step,
    seq: row.seq,
    at: row.at,
    dimensionSetId: row.dimension_set_id,
  }))
}
