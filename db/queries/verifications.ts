import type { ProjectTx } from "@/db/client"
import type { VerificationList, VerificationSeries } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"

/** Verifications of the range, newest first; filters `outcome`, `check` and the dimensions of a run. */
export async function listVerifications(_tx: ProjectTx, _filters: Filters, _now: number): Promise<VerificationList> {
  throw new Error("signature only")
}

/** Per check and bucket: how many of each outcome. */
export async function getVerificationSeries(
  _tx: ProjectTx,
  _filters: Filters,
  _now: number,
): Promise<VerificationSeries> {
  throw new Error("signature only")
}
