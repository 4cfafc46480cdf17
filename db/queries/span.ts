import type { ProjectTx } from "@/db/client"
import type { SpanDetail } from "@/lib/contracts/read"

/** One span with its price arithmetic and its events; `runId` null for a `cost` event. Throws AppError not_found. */
export async function getSpan(_tx: ProjectTx, _runId: string | null, _spanId: string): Promise<SpanDetail> {
  throw new Error("signature only")
}
