import { type ProjectTx, sql } from "@/db/client"
import type { LedgerHealth } from "@/lib/contracts/settings"
import { iso } from "./range"
import { first, type Row, readBoolean, readCount, readText, readTextOrNull, selectRows } from "./rows"

export type LedgerFacts = Omit<LedgerHealth, "retention" | "check" | "storage"> & {
  sealed_before: string | null
  last_check: LedgerHealth["check"]["last"]
}

/**
 * What the ledger of a project holds, for ever: counts are exact, from counters and roll-ups, and stay when retention drops what they count.
 * Source: ingest_counters, health_rollup, spend_rollup, dead_letters, audit_log.
 */
export async function getLedgerFacts(tx: ProjectTx): Promise<LedgerFacts> {
  const mine = sql`project_id = ${tx.projectId}`
  const row = first(
    await selectRows(
      tx,
      sql`
      with c as (
        select coalesce(sum(accepted), 0) as accepted, coalesce(sum(duplicates), 0) as duplicates, coalesce(sum(conflicts), 0) as conflicts,
          coalesce(sum(rejected), 0) as rejected, coalesce(sum(sanitized), 0) as sanitized, max(last_at) as last_at
        from ingest_counters where ${mine}
      ),
      l as (
        select count(*) filter (where kind = 'rejected') as rejected, count(*) filter (where kind = 'conflict') as conflict,
          count(*) filter (where replayed_at is not null) as replayed from dead_letters where ${mine}
      )
      select c.accepted::text, c.duplicates::text, c.conflicts::text, c.rejected::text, c.sanitized::text, ${iso(sql`c.last_at`)} as last_at,
        l.rejected::text as letters_rejected, l.conflict::text as letters_conflict, l.replayed::text as letters_replayed,
        (select coalesce(sum(runs), 0)::text from health_rollup where ${mine} and grain = 1440) as runs,
        (select coalesce(sum(calls), 0)::text from spend_rollup where ${mine} and grain = 1440) as calls,
        (select ${iso(sql`sealed_before`)} from projects where id = ${tx.projectId}) as sealed_before
      from c, l`,
    ),
  )
  return {
    last_event_at: readTextOrNull(row, "last_at"),
    accepted: readCount(row, "accepted"),
    duplicates: readCount(row, "duplicates"),
    conflicts: readCount(row, "conflicts"),
    rejected: readCount(row, "rejected"),
    sanitized: readCount(row, "sanitized"),
    runs: readCount(row, "runs"),
    calls: readCount(row, "calls"),
    dead_letters: {
      rejected: readCount(row, "letters_rejected"),
      conflict: readCount(row, "letters_conflict"),
      replayed: readCount(row, "letters_replayed"),
    },
    sealed_before: readTextOrNull(row, "sealed_before"),
    last_check: await lastCheck(tx),
  }
}

/** The last check is remembered where everything is that somebody did. */
async function lastCheck(tx: ProjectTx): Promise<LedgerFacts["last_check"]> {
  const [row] = await selectRows(
    tx,
    sql`select ${iso(sql`at`)} as at, actor, after->>'found' as found, after->>'compared' as compared, (after->>'with_events')::boolean as with_events
        from audit_log where project_id = ${tx.projectId} and action = 'ledger.checked' and after ? 'found' order by id desc limit 1`,
  )
  if (!row) return null
  return {
    at: readText(row, "at"),
    actor: readText(row, "actor"),
    found: readCount(row, "found"),
    compared: readCount(row, "compared"),
    with_events: readBoolean(row, "with_events"),
  }
}

/** Size on disk of the installation's tables, the largest first; rows are the database's estimates. Of all projects together. */
export async function getStorage(tx: ProjectTx): Promise<NonNullable<LedgerHealth["storage"]>> {
  const rows = await selectRows(
    tx,
    sql`
    with parts as (
      select coalesce(i.inhparent, c.oid) as parent, c.oid, case when i.inhparent is null then null else right(c.relname, 8) end as day,
        greatest(c.reltuples, 0) as rows
      from pg_class c left join pg_inherits i on i.inhrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
    )
    select parent::regclass::text as name, sum(pg_total_relation_size(oid))::text as bytes, round(sum(rows))::bigint::text as rows,
      count(day)::text as partitions, to_char(to_date(min(day), 'YYYYMMDD'), 'YYYY-MM-DD') as oldest, to_char(to_date(max(day), 'YYYYMMDD'), 'YYYY-MM-DD') as newest,
      (select pg_database_size(current_database())::text) as database_bytes
    from parts group by parent order by sum(pg_total_relation_size(oid)) desc`,
  )
  return {
    database_bytes: rows[0] ? readCount(rows[0], "database_bytes") : 0,
    tables: rows.map((row) => ({
      name: readText(row, "name"),
      bytes: readCount(row, "bytes"),
      rows: readCount(row, "rows"),
      partitions: partitionsOf(row),
    })),
  }
}

function partitionsOf(row: Row) {
  const count = readCount(row, "partitions")
  return count === 0 ? null : { count, oldest: readText(row, "oldest"), newest: readText(row, "newest") }
}
