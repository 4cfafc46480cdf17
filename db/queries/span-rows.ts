import type { SQL } from "drizzle-orm"
import { sql } from "@/db/client"
import type { SpanRow } from "@/lib/contracts/read"
import { COST_SOURCES, SPAN_KINDS, TOKEN_BUCKETS, type Usage } from "@/lib/vocabulary"
import { iso } from "./range"
import {
  type Row,
  readBoolean,
  readCount,
  readCountOrNull,
  readMoneyOrNull,
  readText,
  readTextOrNull,
  readWord,
  readWordOrNull,
} from "./rows"

const money = (column: string): SQL => sql`trim_scale(s.${sql.identifier(column)})::text as ${sql.identifier(column)}`

/** Columns of `spans s` that a row of a list shows. */
export const SPAN_COLUMNS: SQL = sql`
  s.span_id, s.run_id, s.parent_id, s.kind, s.name, s.status, s.error, s.step, s.attempt, s.outcome,
  ${iso(sql`coalesce(s.began_at, s.started_at)`)} as started_at, case when s.began_at is not null then ${iso(sql`s.started_at`)} end as booked_at, s.late_events,
  ${iso(sql`s.ended_at`)} as ended_at, s.provider, s.model,
  ${sql.raw(TOKEN_BUCKETS.map((bucket) => `s.${bucket}`).join(", "))}, s.is_counted, s.is_call,
  ${money("cost")}, s.cost_source, ${money("reported_cost")}, ${money("computed_cost")}, s.is_estimated, s.is_time_suspect`

export function toSpanRow(row: Row): SpanRow {
  const run = readText(row, "run_id")
  return {
    id: readText(row, "span_id"),
    run: run === "" ? null : run,
    parent: readTextOrNull(row, "parent_id"),
    kind: readWord(row, "kind", SPAN_KINDS),
    name: readText(row, "name"),
    status: readWordOrNull(row, "status", ["ok", "error"] as const),
    error: readTextOrNull(row, "error"),
    step: readTextOrNull(row, "step"),
    attempt: readCountOrNull(row, "attempt"),
    outcome: readTextOrNull(row, "outcome"),
    started_at: readText(row, "started_at"),
    booked_at: readTextOrNull(row, "booked_at"),
    late_events: readCount(row, "late_events"),
    ended_at: readTextOrNull(row, "ended_at"),
    provider: readTextOrNull(row, "provider"),
    model: readTextOrNull(row, "model"),
    tokens: readTokens(row),
    is_counted: readBoolean(row, "is_counted"),
    is_call: readBoolean(row, "is_call"),
    cost: readMoneyOrNull(row, "cost"),
    cost_source: readWordOrNull(row, "cost_source", COST_SOURCES),
    reported_cost: readMoneyOrNull(row, "reported_cost"),
    computed_cost: readMoneyOrNull(row, "computed_cost"),
    is_estimated: readBoolean(row, "is_estimated"),
    is_time_suspect: readBoolean(row, "is_time_suspect"),
  }
}

/** What lists are in the order of: where its money lies. */
export const moneyDate = ({ booked_at, started_at }: SpanRow): string => booked_at ?? started_at

/** Null when the source gave no usage at all; a bucket that it left out beside others is zero. */
function readTokens(row: Row): Usage | null {
  const counts = TOKEN_BUCKETS.map((bucket) => [bucket, readCountOrNull(row, bucket)] as const)
  if (counts.every(([, count]) => count === null)) return null
  return Object.fromEntries(counts.map(([bucket, count]) => [bucket, count ?? 0])) as Usage
}
