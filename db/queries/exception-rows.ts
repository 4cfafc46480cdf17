import type { SQL } from "drizzle-orm"
import { sql } from "@/db/client"
import type { Exception, ExceptionRun } from "@/lib/contracts/exceptions"
import { EXCEPTION_CAUSES } from "@/lib/exception-causes"
import { legalActs } from "@/lib/exception-states"
import { toIso } from "@/lib/time"
import { EXCEPTION_KINDS, EXCEPTION_STATES, RUN_STATUSES, SEVERITIES } from "@/lib/vocabulary"
import type { LastSpans } from "./exception-spans"
import { known } from "./known"
import { iso } from "./range"
import { type Row, readBoolean, readCount, readMoney, readText, readTextOrNull, readWord, readWordOrNull } from "./rows"

/** Counts are exact up to this. */
export const COUNTED_TO = 10_000
/** An exception with more runs than this has no sum: a page must not grow with what it does not draw. */
const SUMMED_TO = 5_000
export const SIMILAR_MS = 30 * 86_400_000

export const capped = (value: number) => ({ value: Math.min(value, COUNTED_TO), is_capped: value > COUNTED_TO })

/** Columns of `exception_runs x` and `runs r`, which may be gone. */
export const RUN_COLUMNS: SQL = sql`
  x.run_id, ${iso(sql`x.at`)} as at, x.cleared_at is not null as is_cleared, x.exception_id::text as exception_id, r.status as run_status,
  ${iso(sql`r.started_at`)} as run_started_at, r.environment, r.release, r.halt_by, coalesce(x.step, r.halt_step) as halt_step, x.evidence, r.halt_reason,
  ${iso(sql`r.first_span_at`)} as first_span_at, ${iso(sql`r.last_span_at`)} as last_span_at,
  trim_scale(r.cost)::text as cost, r.calls::text as calls, r.unpriced_calls::text as unpriced_calls`

/** Columns of `exceptions e`, of its latest run and of the sums over its runs. */
export const EXCEPTION_COLUMNS = (now: number): SQL => sql`
  e.id::text as id, e.kind, e.severity, e.state, e.version, e.fingerprint, e.workflow, e.rule, e.step, e.reason, e.count,
  ${iso(sql`e.first_seen_at`)} as first_seen_at, ${iso(sql`e.last_seen_at`)} as last_seen_at, ${iso(sql`e.raised_at`)} as raised_at,
  ${iso(sql`e.acked_at`)} as acked_at, e.acked_by, e.assignee, ${iso(sql`e.resolved_at`)} as resolved_at, e.resolved_by, e.cause, e.note,
  e.previous_id::text as previous_id, e.observed, e.limit_value, e.unit, ${iso(sql`e.until_at`)} as until_at, ${iso(sql`e.waits_since`)} as waits_since,
  e.escalation, ${iso(sql`e.escalated_at`)} as escalated_at,
  s.active,  s.runs as sum_runs, s.cost as sum_cost, s.calls as sum_calls, s.unpriced_calls as sum_unpriced_calls,
  (select count(*)::int from (select 1 from exceptions p join exception_runs y on y.project_id = p.project_id and y.exception_id = p.id
    where p.project_id = e.project_id and p.fingerprint = e.fingerprint and y.at >= ${toIso(now - SIMILAR_MS)}::timestamptz
    limit ${COUNTED_TO + 1}) c) as similar,
  ${RUN_COLUMNS}`

export const EXCEPTION_JOINS: SQL = sql`
  left join lateral (select count(r.id)::int as runs, (count(*) filter (where y.cleared_at is null))::int as active, trim_scale(coalesce(sum(r.cost), 0))::text as cost, coalesce(sum(r.calls), 0)::text as calls,
    coalesce(sum(r.unpriced_calls), 0)::text as unpriced_calls
    from exception_runs y left join runs r on r.project_id = y.project_id and r.id = y.run_id
    where y.project_id = e.project_id and y.exception_id = e.id and e.count <= ${SUMMED_TO}) s on true
  left join lateral (select * from exception_runs y where y.project_id = e.project_id and y.exception_id = e.id
    order by y.at desc nulls last, y.run_id desc nulls last limit 1) x on true
  left join runs r on r.project_id = x.project_id and r.id = x.run_id`

/** Sums over runs as a reader gets them. @param prefix of the columns' names. */
export function readSums(row: Row, prefix = ""): { cost: string | null; calls: number; unpriced_calls: number } {
  const calls = readCount(row, `${prefix}calls`)
  const unpriced = readCount(row, `${prefix}unpriced_calls`)
  return { cost: known(readMoney(row, `${prefix}cost`), calls, unpriced), calls, unpriced_calls: unpriced }
}

export function toException(row: Row, spans: LastSpans): Exception {
  const kind = readWord(row, "kind", EXCEPTION_KINDS)
  const state = readWord(row, "state", EXCEPTION_STATES)
  const count = readCount(row, "count")
  return {
    id: readText(row, "id"),
    kind,
    severity: readWord(row, "severity", SEVERITIES),
    state,
    version: readCount(row, "version"),
    fingerprint: readText(row, "fingerprint"),
    workflow: readTextOrNull(row, "workflow"),
    rule: readTextOrNull(row, "rule"),
    step: readTextOrNull(row, "step"),
    reason: readTextOrNull(row, "reason"),
    count,
    active: count > SUMMED_TO ? null : readCount(row, "active"),
    first_seen_at: readText(row, "first_seen_at"),
    last_seen_at: readText(row, "last_seen_at"),
    raised_at: readText(row, "raised_at"),
    observed: readTextOrNull(row, "observed"),
    limit: readTextOrNull(row, "limit_value"),
    unit: readTextOrNull(row, "unit"),
    until_at: readTextOrNull(row, "until_at"),
    waits_since: readText(row, "waits_since"),
    escalation: readCount(row, "escalation"),
    escalated_at: readTextOrNull(row, "escalated_at"),
    acked_at: readTextOrNull(row, "acked_at"),
    acked_by: readTextOrNull(row, "acked_by"),
    assignee: readTextOrNull(row, "assignee"),
    resolved_at: readTextOrNull(row, "resolved_at"),
    resolved_by: readTextOrNull(row, "resolved_by"),
    cause: readWordOrNull(row, "cause", EXCEPTION_CAUSES),
    note: readTextOrNull(row, "note"),
    previous_id: readTextOrNull(row, "previous_id"),
    spend: count > SUMMED_TO ? null : { ...readSums(row, "sum_"), runs: readCount(row, "sum_runs") },
    similar: capped(readCount(row, "similar")),
    latest: row.run_id === null ? null : toExceptionRun(row, spans),
    acts: legalActs(kind, state),
  }
}

export function toExceptionRun(row: Row, spans: LastSpans): ExceptionRun {
  const id = readText(row, "run_id")
  const found = spans.get(id)
  return {
    run_id: id,
    at: readText(row, "at"),
    is_cleared: readBoolean(row, "is_cleared"),
    exception_id: readText(row, "exception_id"),
    run:
      row.run_status === null
        ? null
        : {
            ...readSums(row),
            status: readWord(row, "run_status", RUN_STATUSES),
            started_at: readText(row, "run_started_at"),
            environment: readTextOrNull(row, "environment"),
            release: readTextOrNull(row, "release"),
            by: readTextOrNull(row, "halt_by"),
            reason: readTextOrNull(row, "halt_reason"),
            last: found?.last ?? null,
            evidence_span_id: found?.evidence ?? null,
          },
  }
}
