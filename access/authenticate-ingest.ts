import type { KeyActor } from "@/access/actor"
import { authenticateKey } from "@/access/authenticate-key"
import { parseKeySecret } from "@/access/key-secret"
import { assertSetUp } from "@/access/setup"
import { AppError } from "@/lib/errors"

/**
 * The key of an ingest request, for both ways in: as a bearer, or as one of the two halves of Basic, which is how Langfuse's clients send
 * their pair of keys.
 * @throws AppError `setup_required` while nobody has set Andon up; the errors of `authenticateKey`.
 */
export async function authenticateIngest(
  authorization: string | undefined,
  remoteIp: string | null,
): Promise<KeyActor> {
  try {
    return await authenticateKey(asBearer(authorization), "ingest", remoteIp)
  } catch (error) {
    // Only asked when a key failed: before set-up there is none that could pass.
    if (error instanceof AppError && error.code !== "database_unavailable") await assertSetUp()
    throw error
  }
}

function asBearer(authorization: string | undefined): string | undefined {
  const basic = authorization === undefined ? null : /^Basic +([A-Za-z0-9+/=_-]+)\s*$/i.exec(authorization)
  if (!basic) return authorization
  const [user = "", ...rest] = Buffer.from(basic[1] as string, "base64")
    .toString("utf8")
    .split(":")
  const password = rest.join(":").trim()
  const key = [password, user.trim()].find((half) => parseKeySecret(half) !== null)
  return `Bearer ${key ?? password}`
}
