import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { addMember, listMembers } from "@/access/members"
import { authorize } from "@/access/project"
import { MemberInput } from "@/lib/contracts/access"
import { jsonAnswer } from "@/lib/http"

export const GET = route(async (context) => await listMembers(await authorize(context, "members.manage")))

/** Body `{email, name, role, password?}`; the password is the first one of a new person. 201. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "members.manage")
  return jsonAnswer(201, await addMember(actor, await readJson(context.request, MemberInput), context))
})
