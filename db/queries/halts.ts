import type { ProjectTx } from "@/db/client"
import type { RunList } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { listRuns } from "./runs"

/** Runs that were stopped, or are being stopped, and started in the range; otherwise as `listRuns`. */
export async function listHalts(tx: ProjectTx, filters: Filters, now: number): Promise<RunList> {
  return await listRuns(tx, { ...filters, status: ["halted", "halting"] }, now)
}
