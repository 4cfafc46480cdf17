import type { ProjectTx } from "@/db/client"
import type { DataQuality } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"

/** How ingest went over the range, and the share of calls without a price. */
export async function getDataQuality(_tx: ProjectTx, _filters: Filters, _now: number): Promise<DataQuality> {
  throw new Error("signature only")
}
