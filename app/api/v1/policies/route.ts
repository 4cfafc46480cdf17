import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { readPolicyList } from "@/db/queries/policies"
import { PolicyInput } from "@/lib/contracts/policies"
import { jsonAnswer } from "@/lib/http"
import { savePolicy } from "./_lib/save"

export const GET = route(async (context) => {
  const { project } = await authorize(context, "runs.read")
  return await withProject(project.id, readPolicyList)
})

/** Body `{workflow, document, base_version, reason}`. 201; 409 with what somebody else saved meanwhile. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "policies.manage")
  return jsonAnswer(201, await savePolicy(actor, await readJson(context.request, PolicyInput), context))
})
