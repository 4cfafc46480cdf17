import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { SpanList } from "@/lib/contracts/read"
import { AppError } from "@/lib/errors"
import { all } from "./conditions"
import { decodeCursor, page } from "./cursor"
import { iso } from "./range"
import { readTextOrNull, selectRows } from "./rows"
import { moneyDate, SPAN_COLUMNS, toSpanRow } from "./span-rows"

const DEFAULT = 500
const CAP = 5000

/** Where the spans and events of a run lie in time: its row keeps the bounds, so that one run touches its own partitions only. */
export type RunBounds = { first: string | null; last: string | null; firstReceived: string; lastReceived: string }

/** @throws AppError `not_found`, the same for a run that is not there and for another project's. */
export async function getRunBounds(tx: ProjectTx, runId: string): Promise<RunBounds> {
  const [row] = await selectRows(
    tx,
    sql`select ${iso(sql`first_span_at`)} as first, ${iso(sql`last_span_at`)} as last,
          ${iso(sql`first_received_at`)} as first_received, ${iso(sql`last_received_at`)} as last_received
        from runs where project_id = ${tx.projectId} and id = ${runId}`,
  )
  if (!row) throw runNotFound()
  return {
    first: readTextOrNull(row, "first"),
    last: readTextOrNull(row, "last"),
    firstReceived: readTextOrNull(row, "first_received") as string,
    lastReceived: readTextOrNull(row, "last_received") as string,
  }
}

export const runNotFound = (): AppError => new AppError("not_found", "There is no such run.")

/** `spans s` of one run, pruned to its days. */
export function ofRun(tx: ProjectTx, runId: string, bounds: RunBounds): SQL {
  return all([
    sql`s.project_id = ${tx.projectId} and s.run_id = ${runId}`,
    sql`s.started_at >= ${bounds.first}::timestamptz and s.started_at <= ${bounds.last}::timestamptz`,
  ])
}

/**
 * Spans of a run in order of (started_at, id): 500 a page, up to 5,000.
 * @throws AppError `not_found`; `invalid_filter` for a cursor that is not ours.
 */
export async function listRunSpans(
  tx: ProjectTx,
  runId: string,
  options: { cursor?: string | null; limit?: number | null } = {},
): Promise<SpanList> {
  const bounds = await getRunBounds(tx, runId)
  const limit = Math.min(options.limit ?? DEFAULT, CAP)
  const cursor = decodeCursor(options.cursor ?? null, 1)
  const after =
    cursor === null ? sql`true` : sql`(s.started_at, s.span_id) > (${cursor.at}::timestamptz, ${cursor.ids[0]}::text)`
  const rows = await selectRows(
    tx,
    sql`select ${SPAN_COLUMNS} from spans s where ${ofRun(tx, runId, bounds)} and ${after}
        order by s.started_at, s.span_id limit ${limit + 1}`,
  )
  return { ...page(rows.map(toSpanRow), limit, (span) => ({ at: moneyDate(span), ids: [span.id] })), count: null }
}
