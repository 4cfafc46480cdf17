import { actorName, auditAct } from "@/access/audit"
import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { isKnownWorkflow } from "@/db/queries/gates"
import { getLine } from "@/db/queries/lines"
import { settleLineAct } from "@/ingest/settle-run-act"
import { LineActInput } from "@/lib/contracts/acts"
import { AppError } from "@/lib/errors"
import { LINE_PERMISSION } from "@/lib/run-states"
import { applyLineAct } from "@/policy/apply-line-act"
import { read } from "../../../_lib/read"

/** The line of a workflow with every act on it. */
export const GET = read("runs.read", (tx, _filters, _now, { params }) => getLine(tx, params.name ?? ""))

const DONE = { pause: "line.paused", resume: "line.resumed", tighten: "line.tightened" } as const

/** Pauses, tightens or resumes a line, in the version that was seen. Answers what it is now, as `current` of a refusal too. */
export const POST = route(async (context) => {
  const input = await readJson(context.request, LineActInput)
  const { actor, project } = await authorize(context, LINE_PERMISSION[input.act])
  const name = context.params.name ?? ""
  try {
    return await withProject(project.id, async (tx) => {
      if (!(await isKnownWorkflow(tx, name))) throw new AppError("not_found", "There is no such workflow.")
      const acted = await applyLineAct(tx, name, input, actorName(actor))
      await settleLineAct(tx, acted)
      await auditAct(
        tx,
        { actor, project },
        {
          action: DONE[input.act],
          target: `workflow:${name}`,
          before: { state: acted.from, version: input.version },
          after: { state: acted.to, version: acted.version, ...(input.checked ? { checked: input.checked } : {}) },
          reason: input.reason,
        },
        context,
      )
      return await getLine(tx, name)
    })
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== "conflict" && error.code !== "illegal_transition")) throw error
    const current = await withProject(project.id, (tx) => getLine(tx, name))
    throw new AppError(error.code, error.message, { cause: error, current })
  }
})
