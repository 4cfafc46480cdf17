import { listRuns } from "@/db/queries/runs"
import { read } from "../_lib/read"

export const GET = read("runs.read", listRuns)
