import { accessConfig } from "@/access/config"
import { route } from "@/access/guard"
import { authorizeGate } from "@/access/stop"
import { withProject } from "@/db/client"
import { getRunGate } from "@/db/queries/gates"
import { closedGate } from "../../../_lib/closed-gate"

/** 200 when what the run made may be used: it is done, or a person released it. 409 otherwise, with the reason and where it is dealt with. */
export const GET = route(async (context) => {
  const project = await authorizeGate(context)
  const gate = await withProject(project.id, (tx) => getRunGate(tx, context.params.id ?? ""))
  if (gate.usable) return gate
  const page = `/exceptions/${gate.exception}?project=${encodeURIComponent(project.slug)}`
  const exception = gate.exception === null ? null : new URL(page, accessConfig().publicUrl.origin).href
  return closedGate("not_usable", `Do not use what run ${gate.run} made: ${gate.reason}.`, { ...gate, exception })
})
