import type { ProjectTx } from "@/db/client"
import type { SpanList } from "@/lib/contracts/read"

/** Spans of a run in order of (started_at, id), up to 5,000 a page. Throws AppError not_found. */
export async function listRunSpans(
  _tx: ProjectTx,
  _runId: string,
  _page: { cursor?: string | null; limit?: number | null } = {},
): Promise<SpanList> {
  throw new Error("signature only")
}
