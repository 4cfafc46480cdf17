import { createHash } from "node:crypto"
import { and, eq, isNull, lt, or } from "drizzle-orm"
import type { KeyActor } from "@/access/actor"
import { accessConfig } from "@/access/config"
import { matchesHmac, parseKeySecret } from "@/access/key-secret"
import { toProjectRef } from "@/access/project-ref"
import { withProject } from "@/db/client"
import { ingestKeys, projects } from "@/db/schema/projects"
import { withNamedKey } from "@/db/scope"
import { AppError } from "@/lib/errors"
import { databaseProblem, logError } from "@/lib/http"
import { toIso } from "@/lib/time"
import type { KeyScope } from "@/lib/vocabulary"

/** How long an answer of the database is believed: the longest that a revoked key lives on another instance. */
const BELIEVED_MS = 1000
const USE_NOTED_EVERY_MS = 60_000
const CACHED_KEYS = 10_000

type Known = { actor: KeyActor; expiresAt: number; believedUntil: number }
type Cache = { known: Map<string, Known>; loading: Map<string, Promise<Known>>; noted: Map<number, number> }

// Next bundles its own copy of this module; both copies must forget a revoked key at once.
const holder = globalThis as typeof globalThis & { andonKeys?: Cache }
holder.andonKeys ??= { known: new Map(), loading: new Map(), noted: new Map() }
const cache = holder.andonKeys

/**
 * The key behind an `Authorization: Bearer andon_live_…` header, with its project.
 * Known keys cost one SHA-256 of the presented text; the database is asked again after a second.
 * @param scopes any of them is enough.
 * @throws AppError `unauthenticated` (no such header), `key_invalid`, `key_expired`, `key_revoked`, `missing_scope`.
 */
export async function authenticateKey(
  authorization: string | undefined,
  scopes: KeyScope | readonly KeyScope[],
  remoteIp: string | null,
): Promise<KeyActor> {
  if (authorization === undefined)
    throw new AppError("unauthenticated", "Send an ingest key: Authorization: Bearer andon_live_…")
  // The digest is the cache's key, so that finding it says nothing about the secret by its time.
  const digest = createHash("sha256").update(authorization).digest("base64")
  const now = Date.now()
  let known = cache.known.get(digest)
  if (known === undefined || known.believedUntil <= now) known = await load(authorization, digest, now)
  if (known.expiresAt <= now)
    throw new AppError("key_expired", "This ingest key has expired; an administrator can make another.")
  const enough = [scopes].flat()
  if (!enough.some((scope) => known.actor.scopes.includes(scope)))
    throw new AppError("missing_scope", `This ingest key lacks the scope "${enough.join('" or "')}".`)
  noteUse(known.actor, remoteIp, now)
  return known.actor
}

/** Forgets what this process believes, at once; others follow within a second. */
export function forgetKeys(): void {
  cache.known.clear()
  cache.loading.clear()
}

/** Requests that arrive together with the same key share one look-up. */
async function load(authorization: string, digest: string, now: number): Promise<Known> {
  const running = cache.loading.get(digest)
  if (running) return await running
  const loading = find(authorization, now)
  cache.loading.set(digest, loading)
  try {
    const known = await loading
    // A key revoked while it was looked up must not come back: `forgetKeys` has dropped this look-up then.
    if (cache.loading.get(digest) === loading) {
      if (cache.known.size >= CACHED_KEYS) cache.known.clear()
      cache.known.set(digest, known)
    }
    return known
  } catch (error) {
    cache.known.delete(digest)
    throw error
  } finally {
    if (cache.loading.get(digest) === loading) cache.loading.delete(digest)
  }
}

async function find(authorization: string, now: number): Promise<Known> {
  const presented = parseKeySecret(authorization.replace(/^Bearer +/i, ""))
  if (!presented || !/^Bearer /i.test(authorization)) throw invalid()
  const row = await withNamedKey(presented.publicId, async (tx) => {
    const rows = await tx
      .select({ key: ingestKeys, project: projects })
      .from(ingestKeys)
      .innerJoin(projects, eq(projects.id, ingestKeys.project_id))
      .where(eq(ingestKeys.public_id, presented.publicId))
    return rows[0]
  })
  if (!matchesHmac(accessConfig().keyPepper, presented.secret, row?.key.secret_hmac ?? null) || !row) throw invalid()
  if (row.key.revoked_at !== null) throw new AppError("key_revoked", "This ingest key was revoked.")
  return {
    actor: {
      kind: "key",
      keyId: row.key.id,
      keyName: row.key.name,
      publicId: row.key.public_id,
      scopes: row.key.scopes as KeyScope[],
      environment: row.key.environment,
      project: toProjectRef(row.project),
    },
    expiresAt: Date.parse(row.key.expires_at),
    believedUntil: now + BELIEVED_MS,
  }
}

function invalid(): AppError {
  return new AppError("key_invalid", "This is not a valid ingest key.")
}

/** At most one write a minute and key; a failed one is only a missing "last used". */
function noteUse(actor: KeyActor, remoteIp: string | null, now: number): void {
  if (now - (cache.noted.get(actor.keyId) ?? 0) < USE_NOTED_EVERY_MS) return
  cache.noted.set(actor.keyId, now)
  const before = toIso(now - USE_NOTED_EVERY_MS)
  void withProject(actor.project.id, async (tx) => {
    await tx
      .update(ingestKeys)
      .set({ last_used_at: toIso(now), last_used_ip: remoteIp })
      .where(
        and(eq(ingestKeys.id, actor.keyId), or(isNull(ingestKeys.last_used_at), lt(ingestKeys.last_used_at, before))),
      )
  }).catch((error) => {
    cache.noted.delete(actor.keyId)
    if (!databaseProblem(error)) logError("the last use of a key could not be noted", error)
  })
}
