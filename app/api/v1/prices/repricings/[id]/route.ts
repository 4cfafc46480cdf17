import { idOf, route } from "@/access/guard"
import { authorize } from "@/access/project"
import { readRepricing } from "@/access/repricings"

export const GET = route(
  async (context) => await readRepricing(await authorize(context, "spend.read"), idOf(context.params.id)),
)
