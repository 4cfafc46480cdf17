import { type ProjectTx, sql } from "@/db/client"
import type { Line, LineList } from "@/lib/contracts/acts"
import { legalLineActs } from "@/lib/run-states"
import { WORKFLOW_STATES } from "@/lib/vocabulary"
import { iso } from "./range"
import { type Row, readCount, readText, readWord, selectRows } from "./rows"

const SHOWN = 200
const LOG_SHOWN = 50

/** The lines that are not simply live, the latest changed first, at most 200. Source: workflow_states. */
export async function listLines(tx: ProjectTx): Promise<LineList> {
  const rows = await selectRows(
    tx,
    sql`select workflow, state, version, reason, actor, ${iso(sql`at`)} as at from workflow_states
        where project_id = ${tx.projectId} and state <> 'live' order by at desc, workflow limit ${SHOWN}`,
  )
  return { items: rows.map((row) => toLine(readText(row, "workflow"), row)) }
}

/** A workflow's line with every act on it, newest first, at most 50. One that nobody has ever acted on is live. */
export async function getLine(tx: ProjectTx, workflow: string): Promise<Line> {
  const [row] = await selectRows(
    tx,
    sql`select state, version, reason, actor, ${iso(sql`at`)} as at from workflow_states
        where project_id = ${tx.projectId} and workflow = ${workflow}`,
  )
  const log = await selectRows(
    tx,
    sql`select n, ${iso(sql`at`)} as at, actor, act, from_state, to_state, reason from workflow_acts
        where project_id = ${tx.projectId} and workflow = ${workflow} order by n desc limit ${LOG_SHOWN}`,
  )
  return {
    ...toLine(workflow, row),
    log: log.map((entry) => ({
      n: readCount(entry, "n"),
      at: readText(entry, "at"),
      actor: readText(entry, "actor"),
      act: readText(entry, "act"),
      from_state: readWord(entry, "from_state", WORKFLOW_STATES),
      to_state: readWord(entry, "to_state", WORKFLOW_STATES),
      reason: readText(entry, "reason"),
    })),
  }
}

function toLine(workflow: string, row: Row | undefined): Omit<Line, "log"> {
  const state = row ? readWord(row, "state", WORKFLOW_STATES) : "live"
  return {
    workflow,
    state,
    version: row ? readCount(row, "version") : 0,
    reason: row ? readText(row, "reason") : null,
    actor: row ? readText(row, "actor") : null,
    since: row ? readText(row, "at") : null,
    acts: legalLineActs(state),
  }
}
