import { actorName, auditAct } from "@/access/audit"
import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorizeActs } from "@/access/stop"
import { withProject } from "@/db/client"
import { shareLedger } from "@/db/ledger-lock"
import { getRunControl } from "@/db/queries/run-control"
import { settleRunAct } from "@/ingest/settle-run-act"
import { RunActInput } from "@/lib/contracts/acts"
import { AppError } from "@/lib/errors"
import { applyRunAct } from "@/policy/apply-run-act"
import { read } from "../../../_lib/read"

/** What holds of a run, why and since when, and what may be done about it. */
export const GET = read("runs.read", (tx, _filters, _now, { params }) => getRunControl(tx, params.id ?? ""))

const DONE = {
  halt: "run.halted",
  quarantine: "run.quarantined",
  release: "run.released",
  reject: "run.rejected",
} as const

/**
 * Halts, quarantines, releases or rejects a run, in the version that was seen. Answers what it is now; a refusal because somebody acted first, or
 * because the state does not allow it, holds that too, as `current`.
 */
export const POST = route(async (context) => {
  const { actor, project, assertMay } = await authorizeActs(context)
  const input = await readJson(context.request, RunActInput)
  assertMay(input.act)
  const id = context.params.id ?? ""
  try {
    return await withProject(project.id, async (tx) => {
      await shareLedger(tx)
      const acted = await applyRunAct(tx, id, input, actorName(actor))
      await settleRunAct(tx, acted)
      await auditAct(
        tx,
        { actor, project },
        {
          action: DONE[input.act],
          target: `run:${id}`,
          before: { state: acted.from, version: input.version },
          after: { state: acted.to, version: acted.version },
          reason: input.reason,
        },
        context,
      )
      return await getRunControl(tx, id)
    })
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== "conflict" && error.code !== "illegal_transition")) throw error
    const current = await withProject(project.id, (tx) => getRunControl(tx, id))
    throw new AppError(error.code, error.message, { cause: error, current })
  }
})
