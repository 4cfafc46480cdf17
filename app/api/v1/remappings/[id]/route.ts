import { idOf, route } from "@/access/guard"
import { authorize } from "@/access/project"
import { readRemapping } from "@/access/repricings"

export const GET = route(
  async (context) => await readRemapping(await authorize(context, "spend.read"), idOf(context.params.id)),
)
