import { type ProjectTx, sql } from "@/db/client"
import { DEFAULT_FILTERS, type Filters } from "@/lib/filters"
import { iso, type ResolvedRange, resolveRange } from "./range"
import { first, readText, selectRows } from "./rows"

/**
 * The period before a range, cut at the same time of day, so that a day that is still filling is set against as much of another:
 * this month so far against the same time of the last one, whole months against whole months, days that begin at midnight against as many
 * days before, anything else against the stretch of the same length that ends where it begins. It never reaches into the range.
 */
export async function previousRange(
  tx: ProjectTx,
  filters: Filters,
  range: ResolvedRange,
  now: number,
): Promise<ResolvedRange> {
  const isMonthSoFar = filters.last === "mtd"
  const row = first(
    await selectRows(
      tx,
      sql`
      with local as (
        select ${range.from}::timestamptz as f, ${range.to}::timestamptz as t, ${range.tz}::text as tz,
          ${range.from}::timestamptz at time zone ${range.tz}::text as lf, ${range.to}::timestamptz at time zone ${range.tz}::text as lt
      ),
      steps as (
        select *, lf = date_trunc('day', lf) as is_day,
          ${isMonthSoFar} or (lf = date_trunc('month', lf) and lt = date_trunc('month', lt)) as is_month,
          greatest(1, ((extract(year from lt) - extract(year from lf)) * 12 + extract(month from lt) - extract(month from lf))::int) as months,
          ceil(extract(epoch from lt - lf) / 86400)::int as days
        from local
      ),
      before as (
        select *, case when is_month then lf - make_interval(months => case when ${isMonthSoFar} then 1 else months end) else lf - make_interval(days => days) end as pf
        from steps
      )
      select ${iso(sql`case when is_month or is_day then pf at time zone tz else f - (t - f) end`)} as "from",
        ${iso(sql`case when is_month and ${isMonthSoFar} then least(pf + (lt - lf), lf) at time zone tz when is_month then f
          when is_day then least((lt - make_interval(days => days)) at time zone tz, f) else f end`)} as "to"
      from before`,
    ),
  )
  const bounds = { from: readText(row, "from"), to: readText(row, "to") }
  return await resolveRange(tx, { ...DEFAULT_FILTERS, last: null, ...bounds, tz: filters.tz }, now)
}
