import type { ProjectTx } from "@/db/client"
import type { SpanList } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"

/** Counted spans behind a figure of spend, newest first: their costs sum to it. */
export async function listSpans(_tx: ProjectTx, _filters: Filters, _now: number): Promise<SpanList> {
  throw new Error("signature only")
}
