import { listAssignees } from "@/db/queries/assignees"
import { read } from "../../_lib/read"

/** Only who may act learns who else may. */
export const GET = read("exceptions.act", (tx) => listAssignees(tx))
