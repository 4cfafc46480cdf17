import type { ProjectTx } from "@/db/client"
import type { RunList } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"

/** Runs that started in the range, newest first. */
export async function listRuns(_tx: ProjectTx, _filters: Filters, _now: number): Promise<RunList> {
  throw new Error("signature only")
}
