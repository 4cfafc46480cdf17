import type { SQL } from "drizzle-orm"
import { sql } from "@/db/client"
import type { Sort } from "@/lib/filters"
import type { Cursor } from "./cursor"

/**
 * The order of the indexes of `runs`, to the letter: their columns are `desc nulls last`, and PostgreSQL takes no other spelling for them even
 * where a column has no nulls; read backwards they are `asc nulls first`.
 */
export function order(sort: Sort): SQL {
  return sort === "newest"
    ? sql`r.started_at desc nulls last, r.id desc nulls last`
    : sql`r.started_at asc nulls first, r.id asc nulls first`
}

/** Rows after the cursor in the list's order; ties on the instant are broken by id, so that none is shown twice or left out. */
export function past(cursor: Cursor | null, sort: Sort): SQL[] {
  if (cursor === null) return []
  const after = sql`(${cursor.at}::timestamptz, ${cursor.ids[0]}::text)`
  return [sort === "newest" ? sql`(r.started_at, r.id) < ${after}` : sql`(r.started_at, r.id) > ${after}`]
}
