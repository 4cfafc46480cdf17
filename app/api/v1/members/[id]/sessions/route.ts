import { route } from "@/access/guard"
import { endMemberSessions } from "@/access/members"
import { authorize } from "@/access/project"

/** Logs the person out everywhere. 204. */
export const DELETE = route(async (context) => {
  const actor = await authorize(context, "members.manage")
  await endMemberSessions(actor, context.params.id ?? "", context)
  return new Response(null, { status: 204 })
})
