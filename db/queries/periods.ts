import { and, desc, eq, lt } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import { periods } from "@/db/schema/ledger"
import type { Period, PeriodDetail, PeriodList, PeriodSums } from "@/lib/contracts/periods"
import { DEFAULT_FILTERS } from "@/lib/filters"
import { monthFilters } from "@/lib/month"
import { toIso } from "@/lib/time"
import { rollupRows } from "./conditions"
import { type ResolvedRange, resolveRange, segmentsFor } from "./range"
import { first, readCount, readMoney, readText, selectRows } from "./rows"

const LISTED = 100
const CORRECTIONS = 60

/** Every closing and reopening, the newest first; keyset by id. */
export async function listPeriods(tx: ProjectTx, before: number | null): Promise<PeriodList> {
  const past = before === null ? undefined : lt(periods.id, before)
  const rows = await tx
    .select()
    .from(periods)
    .where(and(eq(periods.project_id, tx.projectId), past))
    .orderBy(desc(periods.id))
    .limit(LISTED + 1)
  const items = rows.slice(0, LISTED).map(toPeriod)
  return { items, next_cursor: rows.length > LISTED ? String(items.at(-1)?.id) : null, count: null }
}

/** The months that are closed now. */
export async function closedMonthNames(tx: ProjectTx): Promise<string[]> {
  const rows = await selectRows(
    tx,
    sql`select month from (select distinct on (month) month, act from periods where project_id = ${tx.projectId} order by month, id desc) p
      where act = 'closed' order by month`,
  )
  return rows.map((row) => readText(row, "month"))
}

/**
 * One month of the project's own zone: whether it is closed, its sums then and now, and what came too late.
 * @returns exact money in the project's currency. Source: periods, spend_rollup; spans only by the index of those that came late.
 */
export async function getPeriod(tx: ProjectTx, month: string, now: number): Promise<PeriodDetail> {
  const range = await monthRange(tx, month)
  const last = await lastPeriod(tx, month)
  const sums = await sumOf(tx, range)
  const late = await selectRows(
    tx,
    sql`select to_char(s.began_at at time zone ${range.tz}::text, 'YYYY-MM') as month, trim_scale(coalesce(sum(s.cost), 0))::text as cost,
      count(*)::text as calls, (count(*) filter (where s.cost is null))::text as unpriced_calls
      from spans s where ${isLate(tx, range)} and s.began_at is not null and s.is_call group by 1 order by 1 desc limit ${CORRECTIONS}`,
  )
  const kept = first(
    await selectRows(
      tx,
      sql`select coalesce(sum(s.late_events), 0)::text as kept from spans s where ${isLate(tx, range)} and s.late_events > 0`,
    ),
  )
  return {
    month,
    tz: range.tz,
    currency: range.currency,
    from: range.from,
    to: range.to,
    is_ended: range.to <= toIso(now),
    last,
    now: sums,
    ...comparedWith(last, sums),
    corrections: late.map((row) => ({ month: readText(row, "month"), ...readSums(row) })),
    kept_out: readCount(kept, "kept"),
  }
}

/** Written as the index of late spans is, so that it serves. */
const isLate = (tx: ProjectTx, { from, to }: ResolvedRange) =>
  sql`s.project_id = ${tx.projectId} and (s.began_at is not null or s.late_events > 0) and s.started_at >= ${from}::timestamptz and s.started_at < ${to}::timestamptz`

/** A call that moved on was unpriced in its month: it is missing from both counts, and from nothing else. */
function comparedWith(last: Period | null, now: PeriodSums): Pick<PeriodDetail, "is_equal" | "moved_on"> {
  if (last === null || last.act !== "closed") return { is_equal: null, moved_on: 0 }
  const missing = last.calls - now.calls
  const isEqual = last.cost === now.cost && missing >= 0 && missing === last.unpriced_calls - now.unpriced_calls
  return { is_equal: isEqual, moved_on: isEqual ? missing : 0 }
}

/** The month in the project's zone, whatever zone is looked from. */
export async function monthRange(tx: ProjectTx, month: string): Promise<ResolvedRange> {
  return await resolveRange(tx, monthFilters(DEFAULT_FILTERS, month), 0)
}

export async function sumOf(tx: ProjectTx, range: ResolvedRange): Promise<PeriodSums> {
  const rows = rollupRows(tx, "spend_rollup", segmentsFor(range, "month"), [])
  return readSums(
    first(
      await selectRows(
        tx,
        sql`select trim_scale(coalesce(sum(cost), 0))::text as cost, coalesce(sum(calls), 0)::text as calls, coalesce(sum(unpriced_calls), 0)::text as unpriced_calls from (${rows}) r`,
      ),
    ),
  )
}

const readSums = (row: Parameters<typeof readMoney>[0]): PeriodSums => ({
  cost: readMoney(row, "cost"),
  calls: readCount(row, "calls"),
  unpriced_calls: readCount(row, "unpriced_calls"),
})

export async function lastPeriod(tx: ProjectTx, month: string): Promise<Period | null> {
  const [row] = await tx
    .select()
    .from(periods)
    .where(and(eq(periods.project_id, tx.projectId), eq(periods.month, month)))
    .orderBy(desc(periods.id))
    .limit(1)
  return row ? toPeriod(row) : null
}

export type NewPeriod = PeriodSums & Pick<Period, "month" | "act" | "reason"> & { range: ResolvedRange; by: string }

export async function insertPeriod(tx: ProjectTx, { range, by, calls, unpriced_calls, ...rest }: NewPeriod) {
  await tx.insert(periods).values({
    ...rest,
    project_id: tx.projectId,
    calls: String(calls),
    unpriced_calls: String(unpriced_calls),
    from_at: range.from,
    to_at: range.to,
    created_by: by,
  })
}

function toPeriod(row: typeof periods.$inferSelect): Period {
  return {
    id: row.id,
    month: row.month,
    act: row.act as Period["act"],
    reason: row.reason,
    created_by: row.created_by,
    created_at: toIso(Date.parse(row.created_at)),
    cost: trimmed(row.cost),
    calls: Number(row.calls),
    unpriced_calls: Number(row.unpriced_calls),
  }
}

/** As sums are written everywhere. */
const trimmed = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text)
