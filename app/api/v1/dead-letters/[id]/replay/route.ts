import { auditAct } from "@/access/audit"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { replayDeadLetter } from "@/ingest/replay"

/** Sends the stored event through ingest again; answers what ingest said of it. Recorded whatever came of it. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "dead_letters.replay")
  const id = context.params.id ?? ""
  const answer = await replayDeadLetter(actor.project, id, context.requestId)
  const { accepted, duplicates, conflicts, rejected } = answer
  await withProject(actor.project.id, (tx) =>
    auditAct(
      tx,
      actor,
      {
        action: "dead_letter.replayed",
        target: id,
        after: { accepted, duplicates, conflicts, rejected },
      },
      context,
    ),
  )
  return answer
})
