import type { ProjectTx } from "@/db/client"
import type { Run } from "@/lib/contracts/read"

/** One run with its plan against what ran, and its verifications. Throws AppError not_found. */
export async function getRun(_tx: ProjectTx, _id: string): Promise<Run> {
  throw new Error("signature only")
}
