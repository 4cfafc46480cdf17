import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { readRemappings } from "@/access/repricings"
import { RemappingInput } from "@/lib/contracts/remappings"
import { jsonAnswer } from "@/lib/http"
import { beginRemapping } from "./_lib/remappings"

export const GET = route(async (context) => await readRemappings(await authorize(context, "spend.read")))

/** Body `{from, to, convention?, reason}`. 202: the preview is being made; the item says how far it is. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "mapping.manage")
  return jsonAnswer(202, await beginRemapping(actor, await readJson(context.request, RemappingInput), context))
})
