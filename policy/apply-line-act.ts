import { type ProjectTx, sql } from "@/db/client"
import { type Row, readCount, readText, readWord, selectRows } from "@/db/queries/rows"
import type { LineActInput } from "@/lib/contracts/acts"
import { AppError } from "@/lib/errors"
import { afterLineAct, RESUME_CHECKLIST, RESUME_CHECKS } from "@/lib/run-states"
import { WORKFLOW_STATES, type WorkflowState } from "@/lib/vocabulary"
import { whoOf } from "@/lib/who"
import { tellPages } from "@/policy/apply-notice"

export type LineActed = { workflow: string; from: WorkflowState; to: WorkflowState; version: number }

/**
 * A person's act on a workflow's line: checks the version that was seen, the table of states and, before a paused line starts again, the checklist;
 * writes the log and the state, in the caller's transaction. Runs that are under way go on: the gate keeps new ones from starting.
 * @throws AppError `conflict` when somebody acted first; `illegal_transition`; `invalid_input` with what was not checked.
 */
export async function applyLineAct(
  tx: ProjectTx,
  workflow: string,
  { act, reason, version, checked = [] }: LineActInput,
  actor: string,
): Promise<LineActed> {
  const line = await lock(tx, workflow)
  const from = readWord(line, "state", WORKFLOW_STATES)
  const current = readCount(line, "version")
  if (current !== version) throw actedFirst(line, current)
  const to = afterLineAct(from, act)
  if (to === null) throw new AppError("illegal_transition", `A line that is ${from} cannot be told to ${act}.`)
  if (from === "paused") assertChecked(checked)
  const evidence = from === "paused" ? JSON.stringify({ checked: [...checked].sort() }) : null
  await tx.execute(sql`
    insert into workflow_acts (project_id, workflow, n, actor, act, from_state, to_state, reason, evidence)
    values (${tx.projectId}, ${workflow}, ${version + 1}, ${actor}, ${act}, ${from}, ${to}, ${reason}, ${evidence}::jsonb)`)
  await tx.execute(sql`
    update workflow_states set state = ${to}, version = ${version + 1}, reason = ${reason}, actor = ${actor}, at = now()
    where project_id = ${tx.projectId} and workflow = ${workflow}`)
  await tellPages(tx, ["runs", "halts"])
  return { workflow, from, to, version: version + 1 }
}

/** Two who act on a line for the first time meet here as well. */
async function lock(tx: ProjectTx, workflow: string): Promise<Row> {
  await tx.execute(sql`
    insert into workflow_states (project_id, workflow, state, version, reason, actor)
    values (${tx.projectId}, ${workflow}, 'live', 0, '', '') on conflict do nothing`)
  const [row] = await selectRows(
    tx,
    sql`select state, version, actor from workflow_states where project_id = ${tx.projectId} and workflow = ${workflow} for update`,
  )
  if (!row) throw new AppError("not_found", "There is no such workflow.")
  return row
}

function assertChecked(checked: readonly string[]): void {
  const missing = RESUME_CHECKS.find((check) => !checked.includes(check))
  if (missing)
    throw new AppError("invalid_input", `Before the line starts again: ${RESUME_CHECKLIST[missing]}`, {
      field: "checked",
    })
}

function actedFirst(line: Row, version: number): AppError {
  const who = whoOf(readText(line, "actor")) || "Somebody"
  return new AppError(
    "conflict",
    `${who} acted on it before you did; it is at version ${version} now. Nothing of yours was stored.`,
  )
}
