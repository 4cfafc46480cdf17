import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { BoardCell } from "@/lib/contracts/board"
import { HOLDS, PROOFS, RUN_STATUSES } from "@/lib/vocabulary"
import type { Window } from "./board-windows"
import { all, textArray } from "./conditions"
import { known } from "./known"
import { iso } from "./range"
import { type Row, readCount, readMoney, readText, readTextOrNull, readWord, readWordOrNull, selectRows } from "./rows"

/** Runs drawn per station. */
export const CELL_CAP = 60

/**
 * The newest runs of a stretch for each of the workflows named, in order of start: one look into `runs_workflow` each.
 * @param narrowing conditions on `runs r`. @returns by workflow; a name counted as "(other)" has none, its runs bear other names.
 */
export async function readCells(
  tx: ProjectTx,
  window: Window,
  workflows: readonly (string | null)[],
  narrowing: SQL[],
): Promise<Map<string | null, BoardCell[]>> {
  const newest = (ofWorkflow: SQL) => sql`
    select r.workflow, r.id, ${iso(sql`r.started_at`)} as started_at, r.status, r.proof, r.hold, trim_scale(r.cost)::text as cost, r.calls, r.unpriced_calls
    from runs r
    where ${all([
      sql`r.project_id = ${tx.projectId}`,
      ofWorkflow,
      sql`r.started_at >= ${window.from}::timestamptz and r.started_at < ${window.to}::timestamptz`,
      ...narrowing,
    ])}
    order by r.started_at desc nulls last, r.id desc nulls last limit ${CELL_CAP}`
  const names = workflows.filter((name) => name !== null)
  const rows = await selectRows(
    tx,
    sql`select c.* from unnest(${textArray(names)}) w(name) cross join lateral (${newest(sql`r.workflow = w.name`)}) c
        ${names.length < workflows.length ? sql`union all (${newest(sql`r.workflow is null`)})` : sql``}`,
  )
  const cells = new Map<string | null, BoardCell[]>(workflows.map((name) => [name, []]))
  for (const row of rows) cells.get(readTextOrNull(row, "workflow"))?.push(toCell(row))
  for (const list of cells.values()) list.sort(byStart)
  return cells
}

const byStart = (a: BoardCell, b: BoardCell) =>
  a.started_at < b.started_at ? -1 : a.started_at > b.started_at ? 1 : a.id < b.id ? -1 : 1

function toCell(row: Row): BoardCell {
  return {
    id: readText(row, "id"),
    started_at: readText(row, "started_at"),
    status: readWord(row, "status", RUN_STATUSES),
    proof: readWord(row, "proof", PROOFS),
    hold: readWordOrNull(row, "hold", HOLDS),
    cost: known(readMoney(row, "cost"), readCount(row, "calls"), readCount(row, "unpriced_calls")),
  }
}
