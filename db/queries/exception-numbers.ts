import { type ProjectTx, sql } from "@/db/client"
import type { ExceptionNumbers } from "@/lib/contracts/exception-numbers"
import { DEFAULT_FILTERS } from "@/lib/filters"
import { wilson } from "@/lib/proportions"
import { toIso } from "@/lib/time"
import { EXCEPTION_KINDS, SEVERITIES } from "@/lib/vocabulary"
import { mayAct } from "./assignees"
import { getHealth } from "./health"
import { first, type Row, readCount, readCountOrNull, readTextOrNull, readWord, selectRows } from "./rows"

/** Exceptions that are looked at, the latest first. */
const LOOKED_AT = 10_000
/** What is read of them: whole rows would be copied for a tenth of their columns. */
const WINDOW = sql`e.id, e.kind, e.severity, e.fingerprint, e.workflow, e.rule, e.state, e.raised_at, e.raised_by, e.violated_at, e.acked_at, e.acked_by,
  e.resolved_at, e.resolved_by, e.cause`
const DAY_MS = 86_400_000
const TEN_MINUTES_MS = 600_000

/**
 * How the queue has done in the last 30 days of the project's zone, today included: times in whole milliseconds, shares as part and whole.
 * Source: exceptions raised in them (the latest 10,000), their runs, health_rollup.
 */
export async function getExceptionNumbers(tx: ProjectTx, now: number): Promise<ExceptionNumbers> {
  const health = await getHealth(tx, { ...DEFAULT_FILTERS, last: "30d" }, now)
  const { from } = health.range
  // Materialised once a statement: the index of `raised_at` gives the latest, and everything below reads those alone.
  const window = sql`w as materialized (select ${WINDOW} from exceptions e where e.project_id = ${tx.projectId} and e.raised_at >= ${from}::timestamptz
    order by e.raised_at desc limit ${LOOKED_AT}),
    a as (select * from w where kind <> 'audit_sample')`
  const times = await selectRows(
    tx,
    sql`with ${window} select severity, count(*)::int as raised,
        ${quantiles("detect", sql`raised_at - violated_at`, sql`raised_by = 'ingest' and violated_at <= raised_at`)},
        ${quantiles("acknowledge", sql`acked_at - raised_at`, sql`acked_by like 'user:%'`)},
        ${quantiles("resolve", sql`resolved_at - raised_at`, sql`state = 'resolved'`)}
      from a group by severity`,
  )
  const sums = first(await selectRows(tx, sql`with ${window} ${sumsOf(tx, now)}`))
  const rules = await selectRows(
    tx,
    sql`with ${window} select kind, rule, workflow, count(*)::int as raised from a group by 1, 2, 3 order by 4 desc, 1, 2, 3 limit 10`,
  )
  const bySeverity = new Map(times.map((row) => [readWord(row, "severity", SEVERITIES), row]))
  const raised = readCount(sums, "raised")
  const days = Math.max(1, (now - Date.parse(from)) / DAY_MS)
  const operators = readCount(sums, "operators")
  const runs = health.totals.reduce((total, line) => total + line.runs, 0)
  const verified = health.totals.reduce((total, line) => total + (line.proof === "verified" ? line.runs : 0), 0)
  const [reviewed, missed] = [readCount(sums, "sample_reviewed"), readCount(sums, "sample_missed")]
  const interval = reviewed === 0 ? null : wilson({ part: missed, whole: reviewed })
  return {
    from,
    to: toIso(now),
    raised,
    is_capped: readCount(sums, "looked_at_all") >= LOOKED_AT,
    severities: SEVERITIES.map((severity) => {
      const row = bySeverity.get(severity)
      const of = (name: string) => (row ? timesOf(row, name) : { median_ms: null, p90_ms: null })
      return {
        severity,
        raised: row ? readCount(row, "raised") : 0,
        detect: of("detect"),
        acknowledge: of("acknowledge"),
        resolve: of("resolve"),
      }
    }),
    auto_closed: { part: readCount(sums, "auto_closed"), whole: readCount(sums, "resolved") },
    operators,
    per_operator_day: operators === 0 ? null : Math.round((raised / operators / days) * 10) / 10,
    floods: { part: readCount(sums, "floods"), whole: Math.ceil((now - Date.parse(from)) / TEN_MINUTES_MS) },
    stale: readCount(sums, "stale"),
    chattering: readCount(sums, "chattering"),
    rules: rules.map((row) => ({
      kind: readWord(row, "kind", EXCEPTION_KINDS),
      rule: readTextOrNull(row, "rule"),
      workflow: readTextOrNull(row, "workflow"),
      raised: readCount(row, "raised"),
    })),
    reviewed: {
      runs,
      passed: Math.max(0, verified - readCount(sums, "touched_verified")),
      exceptions: raised,
      looked_at: readCount(sums, "looked_at"),
      touched: readCount(sums, "touched"),
    },
    sample: {
      drawn: readCount(sums, "sample_drawn"),
      reviewed,
      missed,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
    },
  }
}

type Sql = ReturnType<typeof sql>

function quantiles(name: string, time: Sql, where: Sql): Sql {
  const of = (share: number, column: string) =>
    sql`(round((percentile_cont(${sql.raw(String(share))}) within group (order by extract(epoch from ${time}) * 1000) filter (where ${where}))::numeric))::text as ${sql.identifier(`${name}_${column}`)}`
  return sql`${of(0.5, "median")}, ${of(0.9, "p90")}`
}

const timesOf = (row: Row, name: string) => ({
  median_ms: readCountOrNull(row, `${name}_median`),
  p90_ms: readCountOrNull(row, `${name}_p90`),
})

/** One pass over what was raised, one over the runs that people looked at, one over the index of what stands. */
function sumsOf(tx: ProjectTx, now: number): Sql {
  const count = (where: Sql) => sql`(count(*) filter (where ${where}))::int`
  const [isSample, isOwn] = [sql`kind = 'audit_sample'`, sql`kind <> 'audit_sample'`]
  const isReviewed = sql`${isSample} and state = 'resolved' and resolved_by <> 'andon'`
  return sql`, seen as (select distinct x.run_id from a join exception_runs x on x.project_id = ${tx.projectId} and x.exception_id = a.id
      where a.acked_by like 'user:%' and x.run_id <> ''),
    told as (select count(*)::int as touched, (count(*) filter (where r.proof = 'verified'))::int as touched_verified
      from seen left join lateral (select proof from runs r where r.project_id = ${tx.projectId} and r.id = seen.run_id offset 0) r on true)
    select count(*)::int as looked_at_all, ${count(isOwn)} as raised,
      ${count(sql`${isOwn} and state = 'resolved'`)} as resolved,
      ${count(sql`${isOwn} and state = 'resolved' and resolved_by = 'andon'`)} as auto_closed,
      ${count(sql`${isOwn} and acked_by like 'user:%'`)} as looked_at,
      ${count(isSample)} as sample_drawn, ${count(isReviewed)} as sample_reviewed,
      ${count(sql`${isSample} and state = 'resolved' and cause = 'rules_missed'`)} as sample_missed,
      (select touched from told) as touched, (select touched_verified from told) as touched_verified,
      (select count(*)::int from exceptions e where e.project_id = ${tx.projectId} and e.rank in (0, 1, 2) and e.kind <> 'audit_sample'
        and e.raised_at < ${toIso(now - DAY_MS)}::timestamptz) as stale,
      (select count(*)::int from (select 1 from a group by floor(extract(epoch from raised_at) / 600) having count(*) > 10) f) as floods,
      (select count(*)::int from (select 1 from a group by fingerprint, floor(extract(epoch from raised_at) / 60) having count(*) >= 3) c) as chattering,
      (select count(*)::int from users u where ${mayAct(tx)}) as operators
    from w`
}
