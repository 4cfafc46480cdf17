import { type ProjectTx, sql } from "@/db/client"
import type { SpanEventList } from "@/lib/contracts/trace"
import { decodeCursor, encodeCursor, listLimit } from "./cursor"
import { iso } from "./range"
import { readText, selectRows } from "./rows"
import { getRunBounds, type RunBounds } from "./run-spans"

/** A page of bodies of 256 KiB each must fit in memory many times over. */
const CAP = 100

/**
 * Events of one span in the order in which they were taken, 50 a page, up to 100. `runId` null: the span of a `cost` event.
 * @param options `withPayload` false leaves bodies out (null).
 * @param bounds when they were received, where the caller knows it.
 * @throws AppError `not_found` for a run that is not there; `invalid_filter` for a cursor that is not ours.
 * Source: events, which the retention empties: a span may have none any more.
 */
export async function listSpanEvents(
  tx: ProjectTx,
  runId: string | null,
  spanId: string,
  options: { cursor?: string | null; limit?: number | null; withPayload?: boolean } = {},
  bounds?: Pick<RunBounds, "firstReceived" | "lastReceived">,
): Promise<SpanEventList> {
  const { firstReceived, lastReceived } = bounds ?? (await getRunBounds(tx, runId ?? ""))
  const limit = Math.min(listLimit(options.limit ?? null), CAP)
  const cursor = decodeCursor(options.cursor ?? null, 1)
  const rows = await selectRows(
    tx,
    sql`select n::text as place, id, type, ${iso(sql`received_at`)} as received_at,
          ${options.withPayload === false ? sql`null::jsonb` : sql`body`} as body
        from events where project_id = ${tx.projectId} and run_id = ${runId ?? ""} and span_id = ${spanId}
          and received_at between ${firstReceived}::timestamptz and ${lastReceived}::timestamptz
          and ${cursor === null ? sql`true` : sql`n > ${cursor.ids[0]}::text::bigint`}
        order by n limit ${limit + 1}`,
  )
  const last = rows[limit - 1]
  return {
    items: rows.slice(0, limit).map((row) => ({
      id: readText(row, "id"),
      type: readText(row, "type"),
      received_at: readText(row, "received_at"),
      body: row.body,
    })),
    next_cursor:
      rows.length > limit && last
        ? encodeCursor({ at: readText(last, "received_at"), ids: [readText(last, "place")] })
        : null,
    count: null,
  }
}
