import type { KeyActor } from "@/access/actor"
import { authenticateKey } from "@/access/authenticate-key"
import { assertSetUp } from "@/access/setup"
import { AppError } from "@/lib/errors"

/**
 * The key of an ingest request, for both ways in.
 * @throws AppError `setup_required` while nobody has set Andon up; the errors of `authenticateKey`.
 */
export async function authenticateIngest(
  authorization: string | undefined,
  remoteIp: string | null,
): Promise<KeyActor> {
  try {
    return await authenticateKey(authorization, "ingest", remoteIp)
  } catch (error) {
    // Only asked when a key failed: before set-up there is none that could pass.
    if (error instanceof AppError && error.code !== "database_unavailable") await assertSetUp()
    throw error
  }
}
