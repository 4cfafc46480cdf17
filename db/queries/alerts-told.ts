import { type ProjectTx, sql } from "@/db/client"
import { ALERT_ACTIONS, CHANNEL_KINDS, DELIVERY_STATES } from "@/lib/alert-vocabulary"
import type { ToldList } from "@/lib/contracts/alerts"
import { iso } from "./range"
import { first, readBoolean, readText, readTextOrNull, readWord, selectRows } from "./rows"

/** Messages of one exception that are shown with it. */
const SHOWN = 50

/**
 * Who was told of an exception, the newest message first.
 * @param id as the address has it; an exception that is not there was told to nobody.
 * Source: the outbox, which holds a message from the moment that it was due.
 */
export async function toldOf(tx: ProjectTx, id: string): Promise<ToldList> {
  const channels = await selectRows(
    tx,
    sql`select exists (select 1 from alert_channels where project_id = ${tx.projectId} and removed_at is null) as has_channels`,
  )
  const has_channels = readBoolean(first(channels), "has_channels")
  if (!/^[1-9]\d{0,17}$/.test(id)) return { items: [], next_cursor: null, count: null, has_channels }
  const rows = await selectRows(
    tx,
    sql`select d.id::text as id, c.name as channel, c.kind, d.action, d.state, ${iso(sql`coalesce(d.delivered_at, d.created_at)`)} as at,
          coalesce(d.reason, (select a.error from alert_attempts a
            where a.project_id = d.project_id and a.message_id = d.message_id order by a.n desc limit 1)) as error
        from alert_deliveries d join alert_channels c on c.project_id = d.project_id and c.id = d.channel_id
        where d.project_id = ${tx.projectId} and d.exception_id = ${id}::bigint order by d.id desc nulls last limit ${SHOWN}`,
  )
  const items = rows.map((row) => ({
    id: readText(row, "id"),
    channel: readText(row, "channel"),
    kind: readWord(row, "kind", CHANNEL_KINDS),
    action: readWord(row, "action", ALERT_ACTIONS),
    state: readWord(row, "state", DELIVERY_STATES),
    at: readText(row, "at"),
    error: readTextOrNull(row, "error"),
  }))
  return { items, next_cursor: null, count: null, has_channels }
}
