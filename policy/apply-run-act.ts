import { type ProjectTx, sql } from "@/db/client"
import { iso } from "@/db/queries/range"
import {
  type Row,
  readArray,
  readCount,
  readText,
  readTextOrNull,
  readWord,
  readWordOrNull,
  selectRows,
} from "@/db/queries/rows"
import type { RunActInput } from "@/lib/contracts/acts"
import { AppError } from "@/lib/errors"
import { afterAct, type RunAct, type RunState, runState } from "@/lib/run-states"
import { HOLDS, PROOFS, RUN_STATUSES, type RunStatus } from "@/lib/vocabulary"
import { whoOf } from "@/lib/who"
import { moveToHalting, watchHalting } from "@/policy/apply-halting"
import { tellPages } from "@/policy/apply-notice"

/** What an act made of a run: for the audit log, and for the exception that it raises or clears. */
export type RunActed = {
  run: string
  act: RunAct
  from: RunState
  to: RunState
  version: number
  workflow: string | null
  step: string | null
  reason: string
  at: string
}

/**
 * A person's act on a run (or, of a halt, the run's own key's): checks the version that was seen and the table of states, writes the log, and moves
 * status or hold with what counts them, in the caller's transaction. Status and hold stay what `outcomeOf` makes of claim, findings and acts:
 * whatever comes later is folded with the act. A halt is told to the runner as a directive.
 * @throws AppError `not_found`; `conflict` when somebody acted first; `illegal_transition`.
 */
export async function applyRunAct(tx: ProjectTx, id: string, input: RunActInput, actor: string): Promise<RunActed> {
  const run = await lock(tx, id)
  const status = readWord(run, "status", RUN_STATUSES)
  const from = runState({
    status,
    proof: readWord(run, "proof", PROOFS),
    hold: readWordOrNull(run, "hold", HOLDS),
  })
  const { act, reason } = input
  const last = await lastAct(tx, id)
  const version = last ? readCount(last, "n") : 0
  if (version !== input.version) throw actedFirst(last, version)
  const to = afterAct(from, act)
  if (to === null) throw new AppError("illegal_transition", `A run that is ${from} cannot be told to ${act}.`)
  const [logged] = await selectRows(
    tx,
    sql`insert into run_acts (project_id, run_id, n, actor, act, from_state, to_state, reason, findings)
        values (${tx.projectId}, ${id}, ${version + 1}, ${actor}, ${act}, ${from}, ${to}, ${reason}, ${JSON.stringify(await findingsOf(tx, id))}::jsonb)
        returning ${iso(sql`at`)} as at`,
  )
  if (act === "halt") await halt(tx, id, run, status, reason, actor)
  else await hold(tx, id, to)
  await tellPages(tx, ["runs", "halts", "verifications"], [id])
  const place = { workflow: readTextOrNull(run, "workflow"), step: readTextOrNull(run, "halt_step") }
  return { run: id, act, from, to, version: version + 1, reason, at: readText(logged ?? {}, "at"), ...place }
}

async function lock(tx: ProjectTx, id: string): Promise<Row> {
  const [row] = await selectRows(
    tx,
    sql`select status, proof, hold, workflow, halt_step from runs where project_id = ${tx.projectId} and id = ${id} for update`,
  )
  if (!row) throw new AppError("not_found", "There is no such run.")
  return row
}

async function lastAct(tx: ProjectTx, id: string): Promise<Row | undefined> {
  const [row] = await selectRows(
    tx,
    sql`select n, actor, act from run_acts where project_id = ${tx.projectId} and run_id = ${id} order by n desc limit 1`,
  )
  return row
}

async function findingsOf(tx: ProjectTx, id: string): Promise<string[]> {
  const [row] = await selectRows(
    tx,
    sql`select coalesce(jsonb_agg(rule || ' ' || subject order by rule, subject), '[]') as ids from run_findings
        where project_id = ${tx.projectId} and run_id = ${id}`,
  )
  return row ? readArray(row, "ids").map(String) : []
}

async function halt(tx: ProjectTx, id: string, run: Row, status: RunStatus, reason: string, actor: string) {
  await moveToHalting(
    tx,
    sql`update runs set status = 'halting', halt_by = ${actor}, halt_reason = ${reason} where project_id = ${tx.projectId} and id = ${id}
      returning project_id, id, dimension_set_id, proof, started_at, ${status}::text as was`,
  )
  await tx.execute(sql`
    insert into directives (project_id, run_id, workflow, kind, rule, observed, limit_value, step, reason, issued_by)
    values (${tx.projectId}, ${id}, ${readTextOrNull(run, "workflow")}, 'halt', 'person', ${reason}, '', ${readTextOrNull(run, "halt_step")}, ${reason}, ${actor})
    on conflict do nothing`)
  await watchHalting(tx, sql`select ${id}::text`)
}

/** A hold is no part of any roll-up. What was let go or turned down needs no directive any more. */
async function hold(tx: ProjectTx, id: string, to: RunState): Promise<void> {
  await tx.execute(sql`update runs set hold = ${to} where project_id = ${tx.projectId} and id = ${id}`)
  if (to === "quarantined") return
  await tx.execute(sql`
    update directives set state = 'ended', ended_at = now() where project_id = ${tx.projectId} and run_id = ${id}
      and kind = 'quarantine' and state <> 'ended'`)
}

const DID: Record<string, string> = {
  halt: "halted it",
  quarantine: "quarantined it",
  release: "released it",
  reject: "rejected it",
}

function actedFirst(last: Row | undefined, version: number): AppError {
  const who = last
    ? `${whoOf(readText(last, "actor"))} ${DID[readText(last, "act")] ?? "changed it"} before you did`
    : "Nobody has acted on it yet"
  return new AppError("conflict", `${who}; it is at version ${version}. Nothing of yours was stored.`)
}
