import type { ProjectTx } from "@/db/client"
import type { DeadLetterList } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"

/** Refused and contradicting events, the latest first. */
export async function listDeadLetters(_tx: ProjectTx, _filters: Filters): Promise<DeadLetterList> {
  throw new Error("signature only")
}
