import type { SQL } from "drizzle-orm"
import { arrayLiteral } from "@/db/array-literal"
import { type ProjectTx, sql } from "@/db/client"
import { AppError } from "@/lib/errors"
import type { Filters } from "@/lib/filters"
import { DIMENSIONS, type Dimension } from "@/lib/vocabulary"
import type { Segment } from "./range"
import { readCount, selectRows } from "./rows"

/** Conditions are joined by `and`; none of them means "everything". */
export const all = (conditions: SQL[]): SQL => (conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `))

/** Wanted values of one column: any of the names, or none where null was asked for. */
export function matches(column: SQL, values: readonly (string | null)[]): SQL {
  const names = values.filter((value) => value !== null)
  if (names.length === values.length) return sql`${column} = any(${textArray(names)})`
  return names.length === 0 ? sql`${column} is null` : sql`(${column} is null or ${column} = any(${textArray(names)}))`
}

/** One parameter whatever the number of names, and a constant to the planner; the driver itself would send a JavaScript array as a record. */
export function textArray(values: readonly string[]): SQL {
  return sql`${arrayLiteral(values)}::text[]`
}

export const intArray = (values: readonly number[]): SQL => sql`${arrayLiteral(values)}::int[]`

/** The name of a dimension as it is shown: the public id of an ingest key, the value itself otherwise. */
export function dimensionColumn(dimension: Dimension): SQL {
  return dimension === "key"
    ? sql`(select k.public_id from ingest_keys k where k.project_id = d.project_id and k.id = d.key_id)`
    : sql`d.${sql.identifier(dimension)}`
}

/** Conditions on `dimension_sets d`, of the dimensions named. */
export function dimensionConditions(filters: Filters, dimensions: readonly Dimension[] = DIMENSIONS): SQL[] {
  return dimensions.flatMap((dimension) => {
    const values = filters.dimensions[dimension]
    return values ? [matches(dimensionColumn(dimension), values)] : []
  })
}

/** A filter that does not apply is refused by name: to leave it out silently would show other rows than were asked for. */
export function refuseDimensions(filters: Filters, known: readonly Dimension[], why: string): void {
  for (const dimension of DIMENSIONS) {
    if (filters.dimensions[dimension] === undefined || known.includes(dimension)) continue
    throw new AppError("invalid_filter", `${why}, which has no ${dimension}.`, { field: dimension })
  }
}

/** Ids of the sets that the filters let through, or null when no dimension narrows. */
export async function matchingSets(
  tx: ProjectTx,
  filters: Filters,
  dimensions: readonly Dimension[] = DIMENSIONS,
): Promise<number[] | null> {
  const conditions = dimensionConditions(filters, dimensions)
  if (conditions.length === 0) return null
  const rows = await selectRows(
    tx,
    sql`select d.id from dimension_sets d where d.project_id = ${tx.projectId} and ${all(conditions)}`,
  )
  return rows.map((row) => readCount(row, "id"))
}

/** The rows of a roll-up over segments that do not overlap: one range scan of its primary key each. */
export function rollupRows(
  tx: ProjectTx,
  table: "spend_rollup" | "health_rollup" | "verification_rollup",
  segments: readonly Segment[],
  narrowing: SQL[],
): SQL {
  const parts = segments.map(
    (segment) =>
      sql`select r.* from ${sql.identifier(table)} r where ${all([
        sql`r.project_id = ${tx.projectId} and r.grain = ${segment.level} and r.bucket >= ${segment.from}::timestamptz and r.bucket < ${segment.to}::timestamptz`,
        ...narrowing,
      ])}`,
  )
  return sql.join(parts, sql` union all `)
}
