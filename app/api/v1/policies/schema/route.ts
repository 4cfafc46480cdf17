import { z } from "zod"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { PolicyDocument } from "@/lib/contracts/policies"

/** What a policy file may say, as JSON Schema: for an editor, and for the check of a pull request. */
export const GET = route(async (context) => {
  await authorize(context, "runs.read")
  return { title: "Policy of a workflow", ...z.toJSONSchema(PolicyDocument) }
})
