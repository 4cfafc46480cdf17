import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { actFromRequest } from "../../_lib/act"

/** Says that it is meant to be, until an end at most 30 days ahead. */
export const POST = route(async (context) =>
  actFromRequest(context, await authorize(context, "exceptions.suppress"), "suppress"),
)
