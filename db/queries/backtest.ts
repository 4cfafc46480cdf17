import { type ProjectTx, sql } from "@/db/client"
import { toIso } from "@/lib/time"
import { HOLDS, type Hold, PROOFS, type Proof, RUN_STATUSES, type RunStatus } from "@/lib/vocabulary"
import {
  type Row,
  readArray,
  readBoolean,
  readCount,
  readCountOrNull,
  readMoney,
  readMoneyOrNull,
  readText,
  readTextOrNull,
  readWord,
  readWordOrNull,
  selectRows,
} from "./rows"

/** Runs by their start, half-open; null = of every workflow. */
export type BacktestScope = { workflow: string | null; from: string; to: string }
/** Instants are milliseconds. `facts`: what its own events said, where the columns do not tell it. */
export type BacktestRun = {
  id: string
  workflow: string | null
  agent: string | null
  status: RunStatus
  proof: Proof
  hold: Hold | null
  startedAt: number
  endedAt: number | null
  lastEventAt: number
  plan: string[]
  checks: string[]
  outputHash: string | null
  cost: string
  calls: number
  unpricedCalls: number
  hasSeqGap: boolean
  facts: unknown
  spansFrom: number | null
  spansTo: number | null
}

const ms = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::int8`)

const where = (tx: ProjectTx, { workflow, from, to }: BacktestScope) =>
  sql`project_id = ${tx.projectId} and started_at >= ${from}::timestamptz and started_at < ${to}::timestamptz
    ${workflow === null ? sql`` : sql`and workflow = ${workflow}`}`

/** The column, not the number that is read of it, and as the index has it when read backwards: else what is left of the range is sorted for every chunk. */
const EARLIEST = sql`order by runs.started_at nulls first, runs.id nulls first`

export async function countBacktestRuns(tx: ProjectTx, scope: BacktestScope): Promise<number> {
  const [row] = await selectRows(tx, sql`select count(*) as runs from runs where ${where(tx, scope)}`)
  return readCount(row as Row, "runs")
}

/** The next runs of the range in order of their start, after `cursor`. */
export async function readBacktestRuns(
  tx: ProjectTx,
  scope: BacktestScope,
  cursor: Pick<BacktestRun, "startedAt" | "id"> | null,
  limit: number,
): Promise<BacktestRun[]> {
  const after = cursor ? sql`and (started_at, id) > (${toIso(cursor.startedAt)}::timestamptz, ${cursor.id})` : sql``
  const rows = await selectRows(
    tx,
    sql`select id, workflow, agent, status, proof, hold, ${ms("started_at")} as started_at, ${ms("ended_at")} as ended_at,
        ${ms("last_event_at")} as last_event_at, coalesce(plan, '[]') as plan, coalesce(checks, '[]') as checks, output_sha256,
        trim_scale(cost)::text as cost, calls, unpriced_calls, coalesce(seq_last - seq_first + 1 > seq_count, false) as has_gap,
        case when status in ('halted', 'halting', 'stalled') or jsonb_path_exists(facts, '$.ends[*].refs[0]') then facts end as facts,
        ${ms("first_span_at")} as spans_from, ${ms("last_span_at")} as spans_to
      from runs where ${where(tx, scope)} ${after} ${EARLIEST} limit ${limit}`,
  )
  return rows.map((row) => ({
    id: readText(row, "id"),
    workflow: readTextOrNull(row, "workflow"),
    agent: readTextOrNull(row, "agent"),
    status: readWord(row, "status", RUN_STATUSES),
    proof: readWord(row, "proof", PROOFS),
    hold: readWordOrNull(row, "hold", HOLDS),
    startedAt: readCount(row, "started_at"),
    endedAt: readCountOrNull(row, "ended_at"),
    lastEventAt: readCount(row, "last_event_at"),
    plan: readArray(row, "plan").map(String),
    checks: readArray(row, "checks").map(String),
    outputHash: readTextOrNull(row, "output_sha256"),
    cost: readMoney(row, "cost"),
    calls: readCount(row, "calls"),
    unpricedCalls: readCount(row, "unpriced_calls"),
    hasSeqGap: readBoolean(row, "has_gap"),
    facts: row.facts,
    spansFrom: readCountOrNull(row, "spans_from"),
    spansTo: readCountOrNull(row, "spans_to"),
  }))
}

/** Spans of these runs: one probe of the index a run and partition. `which` is a condition (and how to group), `columns` what is read. */
async function spansOf(tx: ProjectTx, runs: readonly BacktestRun[], which: string, columns: string): Promise<Row[]> {
  const from = Math.min(...runs.map((run) => run.spansFrom ?? Number.POSITIVE_INFINITY))
  const to = Math.max(...runs.map((run) => run.spansTo ?? Number.NEGATIVE_INFINITY))
  if (!Number.isFinite(from)) return []
  const ids = JSON.stringify(runs.filter(({ spansFrom }) => spansFrom !== null).map(({ id }) => id))
  return await selectRows(
    tx,
    sql`select s.* from jsonb_array_elements_text(${ids}::jsonb) as k(id) cross join lateral (
        select run_id, ${sql.raw(columns)} from spans where project_id = ${tx.projectId} and run_id = k.id
          and started_at >= ${toIso(from)}::timestamptz and started_at <= ${toIso(to)}::timestamptz
          and ${sql.raw(which)} offset 0) as s`,
  )
}

function byRun<T>(rows: readonly Row[], read: (row: Row) => T): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const row of rows) {
    const id = readText(row, "run_id")
    const known = found.get(id)
    if (known) known.push(read(row))
    else found.set(id, [read(row)])
  }
  return found
}

const STEP = `'[' || to_json(coalesce(step, name))::text || ',' || coalesce(attempt::text, 'null') || ',' || coalesce(boundaries::text, '[]') || ']'`

/**
 * Steps with every start and end that their events named, as ingest stored them. One row a run, as text: six hundred thousand rows cost the reader more
 * than everything that is decided from them.
 */
export async function backtestSteps(tx: ProjectTx, runs: readonly BacktestRun[]) {
  const rows = await spansOf(
    tx,
    runs,
    "kind = 'step' group by run_id",
    `'[' || string_agg(${STEP}, ',') || ']' as steps`,
  )
  return new Map(
    rows.map((row) => {
      const steps = JSON.parse(readText(row, "steps")) as [string, number | null, unknown[]][]
      return [readText(row, "run_id"), steps.map(([step, attempt, boundaries]) => ({ step, attempt, boundaries }))]
    }),
  )
}

export async function backtestTools(tx: ProjectTx, runs: readonly BacktestRun[]) {
  const rows = await spansOf(
    tx,
    runs,
    "kind = 'tool'",
    "name, args_hash, span_id, (extract(epoch from started_at) * 1000)::int8 as at",
  )
  return byRun(rows, (row) => ({
    tool: readText(row, "name"),
    argsHash: readTextOrNull(row, "args_hash"),
    seq: null,
    at: readCount(row, "at"),
    id: readText(row, "span_id"),
  }))
}

const CALL_COLUMNS = `model, trim_scale(cost)::text as cost, (extract(epoch from started_at) * 1000)::int8 as from_at,
  (extract(epoch from greatest(coalesce(ended_at, started_at), started_at)) * 1000)::int8 as to_at`

/** Counted model calls; `cost` null = unpriced. */
export async function backtestCalls(tx: ProjectTx, runs: readonly BacktestRun[]) {
  // Not plain "is_call": in a partition that nobody has analysed the planner would walk the calls of the whole range for each run.
  const rows = await spansOf(tx, runs, "coalesce(is_call, false)", CALL_COLUMNS)
  return byRun(rows, (row) => ({
    model: readTextOrNull(row, "model"),
    cost: readMoneyOrNull(row, "cost"),
    startedAt: readCount(row, "from_at"),
    endedAt: readCount(row, "to_at"),
  }))
}

export async function backtestVerifications(tx: ProjectTx, runs: readonly BacktestRun[]) {
  if (runs.length === 0) return new Map<string, never[]>()
  const rows = await selectRows(
    tx,
    sql`select v.* from jsonb_array_elements_text(${JSON.stringify(runs.map(({ id }) => id))}::jsonb) as k(id) cross join lateral (
        select run_id, id, check_name, outcome, artifact, verifier_name, verifier_hash, score::float8 as score, step, seq, ${ms("at")} as at
        from verifications where project_id = ${tx.projectId} and run_id = k.id offset 0) as v`,
  )
  return byRun(rows, (row) => ({
    check: readText(row, "check_name"),
    outcome: readText(row, "outcome"),
    artifact: readTextOrNull(row, "artifact"),
    verifierName: readTextOrNull(row, "verifier_name"),
    verifierHash: readTextOrNull(row, "verifier_hash"),
    score: typeof row.score === "number" ? row.score : null,
    step: readTextOrNull(row, "step"),
    seq: readCountOrNull(row, "seq"),
    at: readCount(row, "at"),
    id: readText(row, "id"),
  }))
}
