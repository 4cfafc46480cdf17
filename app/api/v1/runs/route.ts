import { listRuns } from "@/db/queries/runs"
import { read } from "../_lib/read"

// Not the function itself: what `read` hands on fourth is not what `listRuns` takes there.
export const GET = read("runs.read", (tx, filters, now) => listRuns(tx, filters, now))
