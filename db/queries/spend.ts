import type { ProjectTx } from "@/db/client"
import type { Spend } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"

/** Spend of a range, by `filters.by`, per bucket. */
export async function getSpend(_tx: ProjectTx, _filters: Filters, _now: number): Promise<Spend> {
  throw new Error("signature only")
}
