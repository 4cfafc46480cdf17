import type { ProjectTx } from "@/db/client"
import type { Health } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"

/** Runs per status and proof, in all and per bucket. */
export async function getHealth(_tx: ProjectTx, _filters: Filters, _now: number): Promise<Health> {
  throw new Error("signature only")
}
