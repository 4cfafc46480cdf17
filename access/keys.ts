import { and, desc, eq, gt, isNull } from "drizzle-orm"
import type { ProjectActor } from "@/access/actor"
import { actorName, auditAct, type Origin } from "@/access/audit"
import { forgetKeys } from "@/access/authenticate-key"
import { accessConfig } from "@/access/config"
import { type KeySecret, keyHmac, makeKeySecret } from "@/access/key-secret"
import { assertCan } from "@/access/permissions"
import { type ProjectTx, withProject } from "@/db/client"
import { ingestKeys, projects } from "@/db/schema/projects"
import type { Key, KeyInput, KeyList, KeyRotation, NewKey } from "@/lib/contracts/access"
import { AppError } from "@/lib/errors"
import { DAY_MS, toIso } from "@/lib/time"
import type { KeyScope } from "@/lib/vocabulary"

export { authenticateKey } from "@/access/authenticate-key"

type Row = typeof ingestKeys.$inferSelect
const HOUR_MS = 3_600_000
/** Active keys of one name: the one in use and the one that takes over. */
const KEYS_PER_NAME = 2

/** Newest first, expired and revoked ones included: they explain old events. */
export async function listKeys(actor: ProjectActor, now: number = Date.now()): Promise<KeyList> {
  assertCan(actor, "keys.manage")
  return await withProject(actor.project.id, async (tx) => {
    const rows = await tx.select().from(ingestKeys).orderBy(desc(ingestKeys.id)).limit(500)
    return { items: rows.map((row) => toKey(row, now)), next_cursor: null, count: null }
  })
}

/** @throws AppError `conflict` when an active key has the name: that one is rotated instead. */
export async function createKey(actor: ProjectActor, input: KeyInput, origin: Origin): Promise<NewKey> {
  assertCan(actor, "keys.manage")
  return await withProject(actor.project.id, async (tx) => {
    const now = Date.now()
    if ((await activeKeys(tx, input.name, now)).length > 0)
      throw new AppError("conflict", "An active key has this name: rotate it, or choose another name.", {
        field: "name",
      })
    const expiresAt = now + input.expires_in_days * DAY_MS
    const made = await insertKey(tx, { ...input, expiresAt, createdBy: actorName(actor.actor) })
    await auditAct(
      tx,
      actor,
      {
        action: "key.created",
        target: `key:${made.row.public_id}`,
        after: describe(made.row),
      },
      origin,
    )
    return { key: toKey(made.row, now), secret: made.secret }
  })
}

/**
 * A second key with the same name, scopes and environment; the old one works on for the overlap.
 * @throws AppError `not_found`, `conflict` when the key is not active or a rotation of this name is still under way.
 */
export async function rotateKey(
  actor: ProjectActor,
  keyId: number,
  input: KeyRotation,
  origin: Origin,
): Promise<NewKey> {
  assertCan(actor, "keys.manage")
  const made = await withProject(actor.project.id, async (tx) => {
    const now = Date.now()
    const old = await getKey(tx, keyId)
    const active = await activeKeys(tx, old.name, now)
    if (!active.some((row) => row.id === old.id)) throw new AppError("conflict", "Only an active key can be rotated.")
    if (active.length >= KEYS_PER_NAME)
      throw new AppError("conflict", "Two keys of this name are active already: revoke one, or wait until it expires.")
    const ends = Math.min(Date.parse(old.expires_at), now + input.overlap_hours * HOUR_MS)
    await tx
      .update(ingestKeys)
      .set({ expires_at: toIso(ends) })
      .where(eq(ingestKeys.id, old.id))
    const { row, secret } = await insertKey(tx, {
      name: old.name,
      scopes: old.scopes as KeyScope[],
      environment: old.environment,
      expiresAt: now + input.expires_in_days * DAY_MS,
      createdBy: actorName(actor.actor),
    })
    await auditAct(
      tx,
      actor,
      {
        action: "key.rotated",
        target: `key:${old.public_id}`,
        before: describe(old),
        after: { ...describe(row), old_expires_at: toIso(ends) },
      },
      origin,
    )
    return { key: toKey(row, now), secret }
  })
  forgetKeys()
  return made
}

/** Ends a key: at once here, within a second on every other instance. Revoking it again changes nothing. */
export async function revokeKey(actor: ProjectActor, keyId: number, origin: Origin): Promise<Key> {
  assertCan(actor, "keys.manage")
  const key = await withProject(actor.project.id, async (tx) => {
    const now = Date.now()
    const old = await getKey(tx, keyId)
    const [row] = await tx
      .update(ingestKeys)
      .set({ revoked_at: toIso(now) })
      .where(and(eq(ingestKeys.id, old.id), isNull(ingestKeys.revoked_at)))
      .returning()
    if (!row) return toKey(old, now)
    await auditAct(
      tx,
      actor,
      {
        action: "key.revoked",
        target: `key:${row.public_id}`,
        before: describe(old),
      },
      origin,
    )
    return toKey(row, now)
  })
  forgetKeys()
  return key
}

export type KeyFields = {
  name: string
  scopes: readonly KeyScope[]
  environment: string | null
  /** Milliseconds of UTC. */
  expiresAt: number
  createdBy: string
}

/** Stores a key's HMAC. @returns the row and the whole key, which nobody can read again. */
export async function insertKey(
  tx: ProjectTx,
  fields: KeyFields,
  given: KeySecret = makeKeySecret(),
): Promise<{ row: Row; secret: string }> {
  const [row] = await tx
    .insert(ingestKeys)
    .values({
      project_id: tx.projectId,
      public_id: given.publicId,
      secret_hmac: keyHmac(accessConfig().keyPepper, given.secret),
      last4: given.secret.slice(-4),
      name: fields.name,
      scopes: [...fields.scopes],
      environment: fields.environment,
      created_by: fields.createdBy,
      expires_at: toIso(fields.expiresAt),
    })
    .returning()
  return { row: row as Row, secret: given.text }
}

/** Locks the project first, so that two people cannot both find the name free. */
async function activeKeys(tx: ProjectTx, name: string, now: number): Promise<Row[]> {
  await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, tx.projectId)).for("update")
  return await tx
    .select()
    .from(ingestKeys)
    .where(and(eq(ingestKeys.name, name), isNull(ingestKeys.revoked_at), gt(ingestKeys.expires_at, toIso(now))))
}

async function getKey(tx: ProjectTx, keyId: number): Promise<Row> {
  const [row] = await tx.select().from(ingestKeys).where(eq(ingestKeys.id, keyId))
  if (!row) throw new AppError("not_found", "There is no such key.")
  return row
}

function describe(row: Row) {
  return {
    name: row.name,
    scopes: row.scopes,
    environment: row.environment,
    expires_at: toIso(Date.parse(row.expires_at)),
  }
}

function toKey(row: Row, now: number): Key {
  const expiresAt = Date.parse(row.expires_at)
  const state = row.revoked_at ? "revoked" : expiresAt <= now ? "expired" : "active"
  const instantOf = (text: string | null) => (text === null ? null : toIso(Date.parse(text)))
  return {
    id: row.id,
    name: row.name,
    hint: `andon_live_${row.public_id}_…${row.last4}`,
    scopes: row.scopes as KeyScope[],
    environment: row.environment,
    state,
    created_by: row.created_by,
    created_at: toIso(Date.parse(row.created_at)),
    expires_at: toIso(expiresAt),
    expires_within_days: state === "active" ? warning(expiresAt - now) : null,
    last_used_at: instantOf(row.last_used_at),
    last_used_ip: row.last_used_ip,
    revoked_at: instantOf(row.revoked_at),
  }
}

function warning(left: number): 14 | 3 | 1 | null {
  return left <= DAY_MS ? 1 : left <= 3 * DAY_MS ? 3 : left <= 14 * DAY_MS ? 14 : null
}
