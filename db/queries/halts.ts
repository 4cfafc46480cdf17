import type { ProjectTx } from "@/db/client"
import type { RunList } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"

/** Runs that are halted or halting, whenever they started unless the URL names a range. */
export async function listHalts(_tx: ProjectTx, _filters: Filters, _now: number): Promise<RunList> {
  throw new Error("signature only")
}
