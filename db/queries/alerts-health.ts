import { type ProjectTx, sql } from "@/db/client"
import type { AlertsHealth } from "@/lib/contracts/alerts"
import { iso } from "./range"
import { readBoolean, readCount, readText, readTextOrNull, selectRows } from "./rows"

/**
 * The channels that tell nobody anything though they are meant to: disabled by Andon, or failing since their last message that arrived. The longest
 * first; what a person disabled on purpose is not among them. At most 30 channels are there to look at.
 */
export async function alertsHealth(tx: ProjectTx): Promise<AlertsHealth> {
  const rows = await selectRows(
    tx,
    sql`select id, name, state = 'disabled' as is_disabled, ${iso(sql`coalesce(disabled_at, failing_since)`)} as since,
          case when state = 'disabled' then disabled_reason else last_error end as reason
        from alert_channels where project_id = ${tx.projectId} and removed_at is null and (disabled_reason like 'Disabled by %') is not true
        order by coalesce(disabled_at, failing_since) nulls last, id`,
  )
  return {
    channels: rows.length,
    failing: rows.flatMap((row) => {
      const since = readTextOrNull(row, "since")
      if (since === null) return []
      const id = readCount(row, "id")
      const reason = readTextOrNull(row, "reason")
      return [{ id, name: readText(row, "name"), is_disabled: readBoolean(row, "is_disabled"), since, reason }]
    }),
  }
}
