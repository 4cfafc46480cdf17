import { route } from "@/access/guard"
import { authorizeGate } from "@/access/stop"
import { withProject } from "@/db/client"
import { getLineGate } from "@/db/queries/gates"
import { closedGate } from "../../../_lib/closed-gate"

/** 200 when the workflow may start a run; 409 with who paused its line or which budget is used up, since when and why. */
export const GET = route(async (context) => {
  const project = await authorizeGate(context)
  const gate = await withProject(project.id, (tx) => getLineGate(tx, context.params.name ?? ""))
  if (gate.code === null) return gate
  return closedGate(
    gate.code,
    `Do not start a run of ${gate.workflow}: ${gate.code === "line_paused" ? "its line is paused: " : ""}${gate.reason}`,
    gate,
  )
})
