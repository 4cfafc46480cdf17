import type { SQL } from "drizzle-orm"
import { sql } from "@/db/client"
import type { Sort } from "@/lib/filters"
import type { Cursor } from "./cursor"

export function order(sort: Sort): SQL {
  return sort === "newest" ? sql`r.started_at desc, r.id desc` : sql`r.started_at asc, r.id asc`
}

/** Rows after the cursor in the list's order; ties on the instant are broken by id, so that none is shown twice or left out. */
export function past(cursor: Cursor | null, sort: Sort): SQL[] {
  if (cursor === null) return []
  const after = sql`(${cursor.at}::timestamptz, ${cursor.ids[0]}::text)`
  return [sort === "newest" ? sql`(r.started_at, r.id) < ${after}` : sql`(r.started_at, r.id) > ${after}`]
}
