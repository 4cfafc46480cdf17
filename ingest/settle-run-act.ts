import { driverOf, type ProjectTx, sql } from "@/db/client"
import { toIso } from "@/lib/time"
import { type ConditionChange, settleConditions } from "./exceptions"

type Acted = { run: string; act: string; workflow: string | null; step: string | null; reason: string; at: string }

/** The exceptions of a run that a person has halted, held back or let go, in the transaction of the act. */
export async function settleRunAct(tx: ProjectTx, { run, act, workflow, step, reason, at }: Acted): Promise<void> {
  const base = { projectId: tx.projectId, runId: run, at }
  const raised = (kind: "halt" | "quarantine"): ConditionChange => ({
    ...base,
    kind,
    severity: kind === "halt" ? "critical" : "high",
    isActive: true,
    about: { kind, workflow, rule: null, step, reason },
  })
  if (act === "halt") return await settleConditions(driverOf(tx), [raised("halt")], "ingest")
  if (act === "quarantine") return await settleConditions(driverOf(tx), [raised("quarantine")], "ingest")
  const held = await tx.execute<{ subject: string }>(sql`
    select subject from exception_runs where project_id = ${tx.projectId} and run_id = ${run} and kind = 'quarantine' and cleared_at is null`)
  const cleared = [...held].map(({ subject }) => ({ ...raised("quarantine"), subject, isActive: false }))
  if (cleared.length > 0) await settleConditions(driverOf(tx), cleared, "ingest")
}

/** A person has let a line go on: what had stopped it waits for nobody any more. */
export async function settleLineAct(tx: ProjectTx, { workflow, to }: { workflow: string; to: string }): Promise<void> {
  if (to !== "live") return
  const change: ConditionChange = {
    projectId: tx.projectId,
    runId: "",
    kind: "line_stop",
    severity: "high",
    subject: workflow,
    isActive: false,
    at: toIso(Date.now()),
    about: { kind: "line_stop", workflow, rule: null, step: null, reason: null },
  }
  await settleConditions(driverOf(tx), [change], "ingest")
}
