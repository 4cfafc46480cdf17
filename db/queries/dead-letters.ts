import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { DeadLetter, DeadLetterList } from "@/lib/contracts/read"
import { AppError } from "@/lib/errors"
import type { Filters } from "@/lib/filters"
import { all, matches, textArray } from "./conditions"
import { decodeCursor, listLimit, page } from "./cursor"
import { iso } from "./range"
import { type Row, readCount, readText, readTextOrNull, readWord, selectRows } from "./rows"

/** Raw text in a list: enough to recognise the event; one letter alone comes whole. */
const RAW_SHOWN = 4000

const columns = (raw: SQL): SQL => sql`
  id::text, kind, code, field, message, event_id, form, ${raw} as raw, ${iso(sql`first_at`)} as first_at, ${iso(sql`last_at`)} as last_at,
  count, ${iso(sql`replayed_at`)} as replayed_at`

/**
 * What was refused or contradicted an earlier event, the latest first, whenever it came; `raw` is cut to its first 4,000 characters. Narrowed by the
 * reason, the door and the key that it came with.
 */
export async function listDeadLetters(tx: ProjectTx, filters: Filters): Promise<DeadLetterList> {
  const limit = listLimit(filters.limit)
  const cursor = decodeCursor(filters.cursor, 1)
  const after =
    cursor === null ? [] : [sql`(last_at, id) < (${cursor.at}::timestamptz, ${idOf(cursor.ids[0] ?? "")}::bigint)`]
  const rows = await selectRows(
    tx,
    sql`select ${columns(sql`left(raw, ${RAW_SHOWN})`)} from dead_letters
        where ${all([sql`project_id = ${tx.projectId}`, ...narrowed(tx, filters), ...after])} order by last_at desc nulls last, id desc nulls last limit ${limit + 1}`,
  )
  return { ...page(rows.map(toDeadLetter), limit, (letter) => ({ at: letter.last_at, ids: [letter.id] })), count: null }
}

function narrowed(tx: ProjectTx, { code, door, dimensions }: Filters): SQL[] {
  const keys = dimensions.key
  return [
    ...(code === null ? [] : [sql`code = ${code}`]),
    ...(door === null ? [] : [sql`form = any(${textArray([door, `${door}:event`])})`]),
    ...(keys === undefined
      ? []
      : [
          sql`key_id in (select k.id from ingest_keys k where k.project_id = ${tx.projectId} and ${matches(sql`k.public_id`, keys)})`,
        ]),
  ]
}

/** One of them with the whole of its raw text. @throws AppError `not_found`. */
export async function getDeadLetter(tx: ProjectTx, id: string): Promise<DeadLetter> {
  const [row] = await selectRows(
    tx,
    sql`select ${columns(sql`raw`)} from dead_letters where project_id = ${tx.projectId} and id = ${idOf(id)}::bigint`,
  )
  if (!row) throw notFound()
  return toDeadLetter(row)
}

const notFound = () => new AppError("not_found", "There is no such dead letter.")

function idOf(text: string): string {
  if (!/^\d{1,18}$/.test(text)) throw notFound()
  return text
}

function toDeadLetter(row: Row): DeadLetter {
  return {
    id: readText(row, "id"),
    kind: readWord(row, "kind", ["rejected", "conflict"] as const),
    code: readText(row, "code"),
    field: readTextOrNull(row, "field"),
    message: readText(row, "message"),
    event_id: readTextOrNull(row, "event_id"),
    form: readText(row, "form"),
    raw: readText(row, "raw"),
    first_at: readText(row, "first_at"),
    last_at: readText(row, "last_at"),
    count: readCount(row, "count"),
    replayed_at: readTextOrNull(row, "replayed_at"),
  }
}
