import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { Grain } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { DIMENSIONS, type Dimension, TOKEN_BUCKETS, type Usage } from "@/lib/vocabulary"
import { all, dimensionColumn, dimensionConditions, rollupRows } from "./conditions"
import { known } from "./known"
import { bucketOf, chooseGrain, iso, type ResolvedRange, resolveRange, type Segment, segmentsFor } from "./range"
import { first, type Row, readCount, readMoney, readText, readTextOrNull, readUsage, selectRows } from "./rows"

export type ExportFigures = {
  calls: number
  unpricedCalls: number
  tokens: Usage
  /** Null = calls ran and none has a price. */
  cost: string | null
  reportedCost: string
  computedCost: string
}
/** Spend of one bucket and one combination of dimensions. */
export type ExportRow = ExportFigures & { bucket: string; dimensions: Record<Dimension, string | null> }
export type ExportPlan = { range: ResolvedRange; grain: Grain; rows: number; total: ExportFigures }

/** Rows that one fetch brings: a bound on memory, whatever the size of the export. */
const FETCH = 500
const SUMS = ["calls", "unpriced_calls", ...TOKEN_BUCKETS, "cost", "reported_cost", "computed_cost"] as const

/**
 * What an export will hold: its range, number of rows and control total. To be asked in the snapshot that `streamSpend` reads in.
 * @throws AppError `invalid_filter`, `range_too_large`.
 */
export async function planSpendExport(tx: ProjectTx, filters: Filters, now: number): Promise<ExportPlan> {
  const range = await resolveRange(tx, filters, now)
  const grain = chooseGrain({ ...filters, grain: filters.grain ?? "day" }, range)
  const row = first(
    await selectRows(
      tx,
      sql`select count(*)::text as rows, ${sql.join(
        SUMS.map(
          (column) =>
            sql`${shown(sql`coalesce(sum(${sql.identifier(column)}), 0)`, column)} as ${sql.identifier(column)}`,
        ),
        sql`, `,
      )} from (${grouped(tx, filters, range, grain)}) g`,
    ),
  )
  return { range, grain, rows: readCount(row, "rows"), total: toFigures(row) }
}

/** The process of the database that works for this transaction: what `cancelWork` takes. */
export async function workerOf(tx: ProjectTx): Promise<number> {
  return readCount(first(await selectRows(tx, sql`select pg_backend_pid() as pid`)), "pid")
}

/** The rows, oldest first, some hundreds at a time through a cursor of the database. */
export async function* streamSpend(tx: ProjectTx, filters: Filters, plan: ExportPlan): AsyncGenerator<ExportRow[]> {
  const names = DIMENSIONS.map((dimension) => sql`${dimensionColumn(dimension)} as ${sql.identifier(dimension)}`)
  const sums = SUMS.map(
    (column) => sql`${shown(sql`g.${sql.identifier(column)}`, column)} as ${sql.identifier(column)}`,
  )
  await tx.execute(sql`declare spend_export no scroll cursor for
    select ${plan.grain === "15m" || plan.grain === "hour" ? iso(sql`g.bucket`) : localDate(plan)} as bucket,
      ${sql.join([...names, ...sums], sql`, `)}
    from (${grouped(tx, filters, plan.range, plan.grain)}) g join dimension_sets d on d.id = g.dimension_set_id and d.project_id = ${tx.projectId}
    order by g.bucket, g.dimension_set_id`)
  for (;;) {
    const rows = await selectRows(tx, sql.raw(`fetch forward ${FETCH} from spend_export`))
    if (rows.length > 0) yield rows.map(toExportRow)
    if (rows.length < FETCH) return
  }
}

const localDate = ({ range }: ExportPlan): SQL => sql`to_char(g.bucket at time zone ${range.tz}::text, 'YYYY-MM-DD')`

/** One row a bucket and dimension set: columns `bucket`, `dimension_set_id` and the sums. */
function grouped(tx: ProjectTx, filters: Filters, range: ResolvedRange, grain: Grain): SQL {
  const wanted = dimensionConditions(filters)
  const sets = sql`select d.id from dimension_sets d where ${all([sql`d.project_id = ${tx.projectId}`, ...wanted])}`
  const narrowing = [sql`r.calls > 0`, ...(wanted.length === 0 ? [] : [sql`r.dimension_set_id in (${sets})`])]
  const columns = (of: (name: SQL) => SQL) =>
    sql.join(
      SUMS.map((name) => sql`${of(sql`r.${sql.identifier(name)}`)} as ${sql.identifier(name)}`),
      sql`, `,
    )
  const sums = (segments: readonly Segment[]) => sql`
    select ${bucketOf(sql`r.bucket`, grain, range.tz)} as bucket, r.dimension_set_id, ${columns((name) => sql`sum(${name})`)}
    from (${rollupRows(tx, "spend_rollup", segments, narrowing)}) r group by 1, 2`
  const segments = segmentsFor(range, grain)
  const days = segments.filter((segment) => segment.level === 1440)
  if (grain !== "day" || days.length === 0) return sums(segments)
  // A day row is a line of the export as it stands, and the edges are other days: a million rows need no grouping.
  const edges = segments.filter((segment) => segment.level === 15)
  const rows = sql`select r.bucket, r.dimension_set_id, ${columns((name) => sql`${name}::numeric`)}
    from (${rollupRows(tx, "spend_rollup", days, narrowing)}) r`
  return edges.length === 0 ? rows : sql`${sums(edges)} union all ${rows}`
}

const shown = (value: SQL, column: string): SQL =>
  column.endsWith("cost") ? sql`trim_scale(${value})::text` : sql`${value}::text`

function toExportRow(row: Row): ExportRow {
  const dimensions = Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, readTextOrNull(row, dimension)]))
  return { bucket: readText(row, "bucket"), dimensions: dimensions as ExportRow["dimensions"], ...toFigures(row) }
}

function toFigures(row: Row): ExportFigures {
  const calls = readCount(row, "calls")
  const unpricedCalls = readCount(row, "unpriced_calls")
  return {
    calls,
    unpricedCalls,
    tokens: readUsage(row),
    cost: known(readMoney(row, "cost"), calls, unpricedCalls),
    reportedCost: readMoney(row, "reported_cost"),
    computedCost: readMoney(row, "computed_cost"),
  }
}
