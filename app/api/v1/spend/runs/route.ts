import { listCostlyRuns } from "@/db/queries/spend-runs"
import { read } from "../../_lib/read"

export const GET = read("runs.read", listCostlyRuns)
