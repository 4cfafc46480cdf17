import { type ProjectTx, sql } from "@/db/client"
import type { LineGate, RunGate } from "@/lib/contracts/acts"
import { displayMoney, formatMoney } from "@/lib/money"
import { isUsable, type RunState, runState } from "@/lib/run-states"
import { HOLDS, PROOFS, RUN_STATUSES } from "@/lib/vocabulary"
import { capOfLine } from "./budget-cap"
import { getLine } from "./lines"
import { readTextOrNull, readWord, readWordOrNull, selectRows } from "./rows"
import { runNotFound } from "./run-spans"

const WORDS: Record<RunState, string> = {
  pending: "it has not begun",
  running: "it is still running",
  waiting: "it is still running",
  stalled: "nothing has been heard of it",
  halting: "it was told to halt",
  halted: "it was halted",
  finished_claimed: "it claims success, and no check was declared that could prove it",
  done: "it is done",
  unproven: "it claims success without proof",
  failed: "it failed",
  cancelled: "it was cancelled",
  quarantined: "its output is quarantined",
  released: "it was released",
  rejected: "its output was rejected",
  superseded: "another run took its place",
}

/**
 * Whether what a run made may be used, and why not; `exception` is its id here, for the caller to make an address of.
 * @throws AppError `not_found`. Source: runs, its strongest finding or latest act, its open exceptions.
 */
export async function getRunGate(tx: ProjectTx, id: string): Promise<RunGate> {
  const [row] = await selectRows(
    tx,
    sql`select r.status, r.proof, r.hold, r.halt_reason,
          (select a.reason from run_acts a where a.project_id = r.project_id and a.run_id = r.id order by a.n desc limit 1) as act_reason,
          (select f.text from run_findings f where f.project_id = r.project_id and f.run_id = r.id and f.action in ('halt', 'quarantine')
             order by f.action, f.rule, f.subject limit 1) as finding,
          r.proof_reasons -> 0 ->> 'text' as proof_reason,
          (select x.exception_id::text from exception_runs x where x.project_id = r.project_id and x.run_id = r.id and x.cleared_at is null
             order by x.exception_id limit 1) as exception
        from runs r where r.project_id = ${tx.projectId} and r.id = ${id}`,
  )
  if (!row) throw runNotFound()
  const state = runState({
    status: readWord(row, "status", RUN_STATUSES),
    proof: readWord(row, "proof", PROOFS),
    hold: readWordOrNull(row, "hold", HOLDS),
  })
  const usable = isUsable(state)
  const why = ["finding", "halt_reason", "proof_reason", "act_reason"].map((column) => readTextOrNull(row, column))
  // Of what a person has decided the person's own words speak first.
  if (state === "rejected") why.unshift(why.pop() ?? null)
  const detail = why.find((text) => text !== null && text !== "")
  return {
    run: id,
    state,
    usable,
    reason: usable ? null : `${WORDS[state]}${detail ? `: ${detail.replace(/\.$/, "")}` : ""}`,
    exception: usable ? null : readTextOrNull(row, "exception"),
  }
}

/**
 * Whether a workflow may start runs: its line is not paused, and no hard cap of the project or of the workflow is passed. A workflow that nobody has
 * heard of may.
 */
export async function getLineGate(tx: ProjectTx, workflow: string, now = Date.now()): Promise<LineGate> {
  const { state, reason, since, actor } = await getLine(tx, workflow)
  if (state === "paused") return { workflow, state, open: false, code: "line_paused", reason, since, actor }
  const cap = await capOfLine(tx, workflow, now)
  if (cap === null) return { workflow, state, open: true, code: null, reason, since, actor }
  const spent = `${displayMoney(formatMoney(cap.used), cap.currency)} of ${displayMoney(formatMoney(cap.amount), cap.currency)}`
  return {
    workflow,
    state,
    open: false,
    code: "budget_cap",
    since: cap.since ?? since,
    actor: "andon",
    reason: `the budget “${cap.name}” is used up (${spent} a ${cap.period})`,
  }
}

/** Whether any run, or a policy, names it. */
export async function isKnownWorkflow(tx: ProjectTx, workflow: string): Promise<boolean> {
  const [row] = await selectRows(
    tx,
    sql`select exists (select from runs where project_id = ${tx.projectId} and workflow = ${workflow}) or
          exists (select from policies where project_id = ${tx.projectId} and workflow = ${workflow}) as known`,
  )
  return row?.known === true
}
