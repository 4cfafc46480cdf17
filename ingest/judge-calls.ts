import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import { compareText } from "@/lib/order"
import { toIso } from "@/lib/time"
import { TOKEN_BUCKETS, type Usage } from "@/lib/vocabulary"
import { DEFAULTS } from "@/policy/document"
import type { RunSnapshot, ToolCall } from "@/policy/types"
import type { Case } from "./judge"
import { type Bounds, ms, type RunKey } from "./load-runs"
import type { StoredSpan } from "./load-spans"
import type { RunWork, SpanChange } from "./run-work"

/**
 * What rules read of the calls of one run. A run may have fifty thousand, so one more call in order reads the tail of them at most; all of them are
 * read only where what is stored cannot tell: calls out of order or changed, another policy, or a loop that was found.
 */
const tokensOf = (usage: Usage | null): number =>
  usage === null ? 0 : TOKEN_BUCKETS.reduce((sum, bucket) => sum + usage[bucket], 0)

type ToolRow = { span_id: string; name: string; args_hash: string | null; started_at: number }
const TOOLS = `select span_id, name, args_hash, ${ms("started_at")} as started_at from spans where project_id = $1 and run_id = $2 and kind = 'tool'
  and started_at >= $3::timestamptz and started_at <= $4::timestamptz order by started_at desc, span_id desc limit $5`
const ALL = 200_000
const SPARE = 32

/** Tool calls in order of time; ties by span id. `isWhole`: they are all that there are. */
export async function toolCallsOf(
  tx: TransactionSql,
  work: RunWork,
  bounds: Bounds | null,
  loop: { window?: number; same_call_k?: number } | undefined,
  wantsAll: boolean,
): Promise<{ calls: ToolCall[]; isWhole: boolean }> {
  const changed = new Set(work.spans.flatMap(({ after }) => (after ? [after.spanId] : [])))
  const fresh = work.spans.flatMap(({ after }) => (after?.kind === "tool" ? [toCall(after)] : []))
  if (bounds === null) return { calls: fresh.sort(byTime), isWhole: true }
  const reach = Math.max(loop?.window ?? DEFAULTS.window, loop?.same_call_k ?? DEFAULTS.sameCallK)
  const isMoved = work.spans.some(({ before }) => before?.kind === "tool")
  const limit = wantsAll || isMoved ? ALL : reach + fresh.length + SPARE
  const rows = await readTools(tx, work, bounds, limit)
  const stored = rows.filter((row) => !changed.has(row.span_id)).map(fromRow)
  const calls = [...stored, ...fresh].sort(byTime)
  if (rows.length < limit) return { calls, isWhole: true }
  // Every window that holds a new call must lie within the tail.
  const first = fresh.reduce((least, call) => (byTime(call, least) < 0 ? call : least), fresh[0] as ToolCall)
  const older = stored.filter((call) => byTime(call, first) < 0).length
  return older >= reach ? { calls, isWhole: false } : await toolCallsOf(tx, work, bounds, loop, true)
}

async function readTools(tx: TransactionSql, key: RunKey, bounds: Bounds, limit: number): Promise<ToolRow[]> {
  const given = [key.projectId, key.runId, toIso(bounds.from), toIso(bounds.to), limit]
  return await tx.unsafe<ToolRow[]>(TOOLS, given, { prepare: true })
}

const byTime = (a: ToolCall, b: ToolCall) => a.at - b.at || compareText(a.id, b.id)
const toCall = (span: { name: string; argsHash: string | null; startedAt: number; spanId: string }): ToolCall => ({
  tool: span.name,
  argsHash: span.argsHash,
  seq: null,
  at: span.startedAt,
  id: span.spanId,
})
const fromRow = (row: ToolRow): ToolCall => ({
  tool: row.name,
  argsHash: row.args_hash,
  seq: null,
  at: row.started_at,
  id: row.span_id,
})

const CALLS = `select coalesce(array_agg(distinct model) filter (where model is not null), '{}') as models,
    max(coalesce(${TOKEN_BUCKETS.join(", 0) + coalesce(")}, 0)) filter (where cost is null)::float8 as largest
  from spans where project_id = $1 and run_id = $2 and started_at >= $3::timestamptz and started_at <= $4::timestamptz and is_call
    and not (span_id = any (($5::text)::text[]))`

/** Models of a run's stored calls and the tokens of the largest one without a cost, but for the spans named. */
async function callsOf(
  tx: TransactionSql,
  key: RunKey,
  bounds: Bounds,
  except: readonly string[],
): Promise<{ models: string[]; largest: number | null }> {
  const given = [key.projectId, key.runId, toIso(bounds.from), toIso(bounds.to), arrayLiteral(except)]
  const [row] = await tx.unsafe<{ models: string[]; largest: number | null }[]>(CALLS, given, { prepare: true })
  return row ?? { models: [], largest: null }
}

/** Models and the largest unpriced call: from the new calls and what was found before, as long as that tells it; else from all calls. */
export async function readCalls(
  tx: TransactionSql,
  { work, known, wants }: Case,
  allowed: readonly string[] | undefined,
  snapshot: RunSnapshot,
  bounds: Bounds | null,
): Promise<void> {
  const fresh = work.spans.flatMap(({ isCall, before, after }) => (isCall ? [(after ?? before) as Called] : []))
  const models = fresh.flatMap(({ model }) => (model === null ? [] : [model]))
  const largest = fresh.filter(({ cost }) => cost === null).map(({ usage }) => tokensOf(usage))
  const isOver = (calls: number, unpriced: number) => unpriced * 100 > calls * 5
  const { loaded } = work
  const isOnlyMore = work.spans.every(takesNothingBack)
  const wasOver = loaded !== null && !loaded.isNew && isOver(loaded.calls, loaded.unpricedCalls)
  const isNeeded =
    bounds !== null &&
    ((allowed !== undefined && (wants.isAnotherPolicy || !isOnlyMore)) ||
      (snapshot.unpricedCalls > 0 &&
        !isOver(snapshot.calls, snapshot.unpricedCalls) &&
        (wasOver || !isOnlyMore || wants.isAnotherPolicy)))
  if (isNeeded) {
    const except = work.spans.map(({ before, after }) => ((after ?? before) as Called).spanId)
    const stored = await callsOf(tx, work, bounds, except)
    models.push(...stored.models)
    if (stored.largest !== null) largest.push(stored.largest)
  } else {
    for (const { rule, subject, observed, unit } of known.findings) {
      if (rule === "T19") models.push(subject)
      if (rule === "T14" && unit === "tokens") largest.push(Number(observed))
    }
  }
  snapshot.models = [...new Set(models)].sort()
  snapshot.largestUnpriced = largest.length === 0 ? null : Math.max(...largest)
}

type Called = Pick<StoredSpan, "spanId" | "model" | "cost" | "usage">

/** Whatever was found of the span before is still so. */
function takesNothingBack({ before, after, isCall }: SpanChange): boolean {
  if (before === null || !before.isCall) return true
  const now: Called = after ?? before
  if (!isCall || now.model !== before.model) return false
  return before.cost !== null || (now.cost === null && tokensOf(now.usage) >= tokensOf(before.usage))
}
