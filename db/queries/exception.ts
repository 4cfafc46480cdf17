import { type ProjectTx, sql } from "@/db/client"
import type { ExceptionDetail, ExceptionLogEntry, ExceptionRunList, ExceptionSibling } from "@/lib/contracts/exceptions"
import { AppError } from "@/lib/errors"
import { EXCEPTION_CAUSES } from "@/lib/exception-causes"
import type { Filters } from "@/lib/filters"
import { toIso } from "@/lib/time"
import { EXCEPTION_ACTIONS, EXCEPTION_STATES } from "@/lib/vocabulary"
import { decodeCursor, listLimit, page } from "./cursor"
import {
  COUNTED_TO,
  capped,
  EXCEPTION_COLUMNS,
  EXCEPTION_JOINS,
  RUN_COLUMNS,
  SIMILAR_MS,
  toException,
  toExceptionRun,
} from "./exception-rows"
import { lastSpans } from "./exception-spans"
import { iso } from "./range"
import { type Row, readCount, readText, readTextOrNull, readWord, readWordOrNull, selectRows } from "./rows"

/** Acts and siblings shown with an exception; the count says when there are more. */
const SHOWN = 200

/**
 * One exception with its latest run, every act on it and the others of its fingerprint.
 * @param id as the address has it. @throws AppError `not_found`.
 */
export async function getException(tx: ProjectTx, id: string, now: number): Promise<ExceptionDetail> {
  const own = idOf(id)
  const [row] = await selectRows(
    tx,
    sql`select ${EXCEPTION_COLUMNS(now)} from exceptions e ${EXCEPTION_JOINS} where e.project_id = ${tx.projectId} and e.id = ${own}::bigint`,
  )
  if (!row) throw notFound()
  const exception = toException(row, await lastSpans(tx, [row]))
  const log = await selectRows(
    tx,
    sql`select n, ${iso(sql`at`)} as at, actor, action, from_state, to_state, assignee, cause, note, (count(*) over ())::int as log_count
        from exception_log where project_id = ${tx.projectId} and exception_id = ${own}::bigint order by n desc limit ${SHOWN}`,
  )
  const siblings = await selectRows(
    tx,
    sql`select id::text as id, state, count, ${iso(sql`first_seen_at`)} as first_seen_at, ${iso(sql`last_seen_at`)} as last_seen_at,
          ${iso(sql`resolved_at`)} as resolved_at, resolved_by, cause, note
        from exceptions where project_id = ${tx.projectId} and fingerprint = ${exception.fingerprint} and id <> ${own}::bigint
        order by id desc limit ${SHOWN}`,
  )
  return {
    ...exception,
    log: log.map(toLogEntry),
    log_count: log[0] ? readCount(log[0], "log_count") : 0,
    siblings: siblings.map(toSibling),
  }
}

/**
 * The runs of an exception, the latest first, by (at, id); with `similar` those of its fingerprint that stopped in the last 30 days, whichever
 * exception they stand in. Their costs sum to the exception's spend, their number is its count.
 * @throws AppError `not_found`, `invalid_filter`.
 */
export async function listExceptionRuns(
  tx: ProjectTx,
  id: string,
  options: { similar: boolean } & Pick<Filters, "cursor" | "limit">,
  now: number,
): Promise<ExceptionRunList> {
  const own = idOf(id)
  const limit = listLimit(options.limit)
  const cursor = decodeCursor(options.cursor, 1)
  const [exception] = await selectRows(
    tx,
    sql`select fingerprint from exceptions where project_id = ${tx.projectId} and id = ${own}::bigint`,
  )
  if (!exception) throw notFound()
  const which = options.similar
    ? sql`x.exception_id in (select p.id from exceptions p where p.project_id = ${tx.projectId} and p.fingerprint = ${readText(exception, "fingerprint")})
        and x.at >= ${toIso(now - SIMILAR_MS)}::timestamptz`
    : sql`x.exception_id = ${own}::bigint`
  const of = sql`exception_runs x where x.project_id = ${tx.projectId} and ${which}`
  const past = cursor ? sql`and (x.at, x.run_id) < (${cursor.at}::timestamptz, ${cursor.ids[0]})` : sql``
  const rows = await selectRows(
    tx,
    sql`select ${RUN_COLUMNS} from (select x.* from ${of} ${past} order by x.at desc nulls last, x.run_id desc nulls last limit ${limit + 1}) x
        left join runs r on r.project_id = x.project_id and r.id = x.run_id order by x.at desc, x.run_id desc`,
  )
  const [counted] = await selectRows(
    tx,
    sql`select count(*)::int as count from (select 1 from ${of} limit ${COUNTED_TO + 1}) c`,
  )
  const spans = await lastSpans(tx, rows)
  const items = rows.map((row) => toExceptionRun(row, spans))
  return {
    ...page(items, limit, (run) => ({ at: run.at, ids: [run.run_id] })),
    count: capped(readCount(counted as Row, "count")),
  }
}

const notFound = () => new AppError("not_found", "There is no such exception.")

function idOf(text: string): string {
  if (!/^[1-9]\d{0,17}$/.test(text)) throw notFound()
  return text
}

function toLogEntry(row: Row): ExceptionLogEntry {
  return {
    n: readCount(row, "n"),
    at: readText(row, "at"),
    actor: readText(row, "actor"),
    action: readWord(row, "action", EXCEPTION_ACTIONS),
    from_state: readWord(row, "from_state", EXCEPTION_STATES),
    to_state: readWord(row, "to_state", EXCEPTION_STATES),
    assignee: readTextOrNull(row, "assignee"),
    cause: readWordOrNull(row, "cause", EXCEPTION_CAUSES),
    note: readTextOrNull(row, "note"),
  }
}

function toSibling(row: Row): ExceptionSibling {
  return {
    id: readText(row, "id"),
    state: readWord(row, "state", EXCEPTION_STATES),
    count: readCount(row, "count"),
    first_seen_at: readText(row, "first_seen_at"),
    last_seen_at: readText(row, "last_seen_at"),
    resolved_at: readTextOrNull(row, "resolved_at"),
    resolved_by: readTextOrNull(row, "resolved_by"),
    cause: readWordOrNull(row, "cause", EXCEPTION_CAUSES),
    note: readTextOrNull(row, "note"),
  }
}
