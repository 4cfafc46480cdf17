import { createHash, randomBytes } from "node:crypto"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { and, eq, gt, isNull } from "drizzle-orm"
import { countAddressAttempt } from "@/access/attempts"
import { audit, type Origin } from "@/access/audit"
import { accessConfig } from "@/access/config"
import { type KeySecret, makeKeySecret } from "@/access/key-secret"
import { insertKey } from "@/access/keys"
import { assertStrongPassword } from "@/access/password"
import { insertUser, type NewUser } from "@/access/users"
import { db } from "@/db/client"
import { setupTokens, users } from "@/db/schema/auth"
import { projects } from "@/db/schema/projects"
import { enterProject, lockInstallation, type Tx, withInstallation } from "@/db/scope"
import type { SetupDone, SetupInput } from "@/lib/contracts/access"
import { AppError } from "@/lib/errors"
import { slugOf } from "@/lib/slug"
import { DAY_MS, toIso } from "@/lib/time"

const LINK_LIFE_MS = 60 * 60_000
const FIRST_KEY = { name: "first key", scopes: ["ingest", "read"], environment: null } as const
const FIRST_KEY_DAYS = 180

const holder = globalThis as typeof globalThis & { andonIsSetUp?: boolean }

/** Is there a user? Once true it stays true, and costs nothing. */
export async function isSetUp(): Promise<boolean> {
  if (holder.andonIsSetUp) return true
  const [user] = await db().select({ id: users.id }).from(users).limit(1)
  holder.andonIsSetUp = user !== undefined
  return holder.andonIsSetUp
}

/** @throws AppError `setup_required` while there is nobody: every way in but the set-up itself is closed. */
export async function assertSetUp(): Promise<void> {
  if (!(await isSetUp()))
    throw new AppError("setup_required", "Andon is not set up yet: open the set-up link from the server's log.")
}

/** Forgets that set-up was seen: for processes that change their database. */
export function forgetSetUp(): void {
  holder.andonIsSetUp = undefined
}

/**
 * While nobody exists, makes a link that lets one person in: printed, and kept in `setup-link.txt` (0600) of the data folder. The database
 * has only its hash. Valid for 60 minutes or until used; each start makes another.
 * @returns the link, or null when Andon is set up.
 */
export async function ensureSetupLink(options: { dataDir: string; publicUrl: string }): Promise<string | null> {
  const file = join(options.dataDir, "setup-link.txt")
  if (await isSetUp()) {
    rmSync(file, { force: true })
    return null
  }
  const token = randomBytes(32).toString("base64url")
  await db()
    .insert(setupTokens)
    .values({ token_hash: hashToken(token), expires_at: toIso(Date.now() + LINK_LIFE_MS) })
  // After the #: browsers never send it, so that it stands in no access log and no Referer.
  const link = `${options.publicUrl.replace(/\/$/, "")}/setup#token=${token}`
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 })
  rmSync(file, { force: true })
  writeFileSync(file, `${link}\n`, { mode: 0o600 })
  process.stdout.write(`\n  Set up Andon (valid for 60 minutes, once):\n  ${link}\n\n`)
  return link
}

/**
 * Makes the administrator, the first project and its first key, all or nothing; of many at once one wins.
 * @throws AppError `not_found` when Andon is set up; `too_many_attempts`; `unauthenticated` for a token that is wrong, old or used;
 *   `weak_password`.
 */
export async function completeSetup(input: SetupInput, origin: Origin): Promise<SetupDone> {
  if (await isSetUp()) throw isDone()
  if (!(await isOpenToken(db(), input.token))) {
    // Spent a moment ago by somebody who was faster.
    if (await isSetUp()) throw isDone()
    // Only wrong tokens count: nobody guesses 256 bits by asking in parallel, and the right one must get through.
    await countAddressAttempt("setup", origin.remoteIp, Date.now())
    throw wrongToken()
  }
  assertStrongPassword(input.password, input.email)
  const done = await install(
    { email: input.email, name: input.name, password: input.password },
    { name: input.project, zone: input.zone },
    makeKeySecret(),
    input.token,
    origin,
  )
  if (!done) throw new AppError("conflict", "Andon is set up already.")
  return done
}

export type FirstProject = { name: string; zone: string }

/**
 * @param token null: the operator of the machine asks, by environment or command line.
 * @returns null when somebody else was first.
 */
export async function install(
  admin: Omit<NewUser, "isAdmin">,
  first: FirstProject,
  key: KeySecret,
  token: string | null,
  origin: Origin,
): Promise<SetupDone | null> {
  const done = await withInstallation(async (tx) => {
    await lockInstallation(tx, "setup")
    const [somebody] = await tx.select({ id: users.id }).from(users).limit(1)
    if (somebody) return null
    if (token !== null) await spendToken(tx, token)
    await insertUser(tx, { ...admin, isAdmin: true })
    const project = await insertProject(tx, first)
    const slug = project.slug
    const scoped = await enterProject(tx, project.id)
    const expiresAt = Date.now() + FIRST_KEY_DAYS * DAY_MS
    await insertKey(scoped, { ...FIRST_KEY, expiresAt, createdBy: `user:${admin.email}` }, key)
    await audit(
      tx,
      {
        projectId: null,
        actor: `user:${admin.email}`,
        action: "setup.completed",
        target: `project:${slug}`,
        after: { admin: admin.email, project: slug, zone: first.zone, key: `key:${key.publicId}` },
      },
      origin,
    )
    return { project: slug, key: key.text, url: accessConfig().publicUrl.origin }
  })
  if (done) {
    holder.andonIsSetUp = true
    rmSync(join(accessConfig().dataDir, "setup-link.txt"), { force: true })
  }
  return done
}

/** Demo data may be there before anybody is, and have taken the name: then the next free one. */
async function insertProject(tx: Tx, { name, zone }: FirstProject): Promise<typeof projects.$inferSelect> {
  const base = slugOf(name)
  for (let i = 1; i < 1000; i++) {
    const slug = i === 1 ? base : `${base.slice(0, 44).replace(/-$/, "")}-${i}`
    const [project] = await tx
      .insert(projects)
      .values({ slug, name, zone })
      .onConflictDoNothing({ target: projects.slug })
      .returning()
    if (project) return project
  }
  throw new AppError("conflict", `Every name like "${base}" is taken.`, { field: "project" })
}

async function isOpenToken(tx: Tx, token: string): Promise<boolean> {
  const [row] = await tx.select({ id: setupTokens.id }).from(setupTokens).where(openToken(token))
  return row !== undefined
}

async function spendToken(tx: Tx, token: string): Promise<void> {
  const used = await tx
    .update(setupTokens)
    .set({ used_at: toIso(Date.now()) })
    .where(openToken(token))
    .returning()
  if (used.length === 0) throw wrongToken()
}

/** Found by its hash: the time of the look-up says nothing about the token. */
function openToken(token: string) {
  return and(
    eq(setupTokens.token_hash, hashToken(token)),
    isNull(setupTokens.used_at),
    gt(setupTokens.expires_at, toIso(Date.now())),
  )
}

function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex")
}

function isDone(): AppError {
  return new AppError("not_found", "Andon is set up already.")
}

function wrongToken(): AppError {
  return new AppError("unauthenticated", "This set-up link is not valid any more. Restart Andon for a new one.", {
    field: "token",
  })
}
