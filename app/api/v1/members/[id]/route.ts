import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { removeMember, updateMember } from "@/access/members"
import { authorize } from "@/access/project"
import { MemberChange } from "@/lib/contracts/access"

/** Body `{name?, role?, is_disabled?, password?}`. */
export const PATCH = route(async (context) => {
  const actor = await authorize(context, "members.manage")
  const change = await readJson(context.request, MemberChange)
  return await updateMember(actor, context.params.id ?? "", change, context)
})

/** Takes the person out of the project. 204. */
export const DELETE = route(async (context) => {
  const actor = await authorize(context, "members.manage")
  await removeMember(actor, context.params.id ?? "", context)
  return new Response(null, { status: 204 })
})
