import { type ProjectTx, sql } from "@/db/client"
import type { DataQuality } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { rollupRows } from "./conditions"
import { iso, resolveRange } from "./range"
import { first, readCount, readTextOrNull, selectRows } from "./rows"

/**
 * How ingest went over the range, for the whole project: counters are kept per hour and key, so the range is widened to full hours and other
 * filters do not narrow. `last_event_at` is the last of all, in or out of the range.
 */
export async function getDataQuality(tx: ProjectTx, filters: Filters, now: number): Promise<DataQuality> {
  const range = await resolveRange(tx, filters, now)
  const row = first(
    await selectRows(
      tx,
      sql`with c as (
            select coalesce(sum(accepted), 0) as accepted, coalesce(sum(duplicates), 0) as duplicates, coalesce(sum(conflicts), 0) as conflicts,
              coalesce(sum(rejected), 0) as rejected, coalesce(sum(sanitized), 0) as sanitized
            from ingest_counters where project_id = ${tx.projectId}
              and hour >= date_trunc('hour', ${range.from}::timestamptz, 'UTC') and hour < ${range.to}::timestamptz
          ),
          s as (
            select coalesce(sum(calls), 0) as calls, coalesce(sum(unpriced_calls), 0) as unpriced_calls,
              coalesce(sum(differing_calls), 0) as differing_calls
            from (${rollupRows(tx, "spend_rollup", range.days, [])}) r
          ),
          l as (select max(last_at) as last_at from ingest_counters where project_id = ${tx.projectId})
          select accepted::text, duplicates::text, conflicts::text, rejected::text, sanitized::text, calls::text, unpriced_calls::text, differing_calls::text,
            ${iso(sql`last_at`)} as last_at from c, s, l`,
    ),
  )
  return {
    last_event_at: readTextOrNull(row, "last_at"),
    accepted: readCount(row, "accepted"),
    duplicates: readCount(row, "duplicates"),
    conflicts: readCount(row, "conflicts"),
    rejected: readCount(row, "rejected"),
    sanitized: readCount(row, "sanitized"),
    calls: readCount(row, "calls"),
    unpriced_calls: readCount(row, "unpriced_calls"),
    differing_calls: readCount(row, "differing_calls"),
  }
}
