import { eq, lt } from "drizzle-orm"
import { loginAttempts } from "@/db/schema/auth"
import { type Tx, withInstallation } from "@/db/scope"
import { AppError } from "@/lib/errors"
import { DAY_MS, toIso } from "@/lib/time"

/**
 * Counters against guessing, in the database: they survive a restart and all instances share them.
 * An attempt is counted before it is judged, so that a hundred at once are a hundred; a good one is taken back.
 * - per address: 20 in a minute, then 429 until the minute is over;
 * - per account: 5 free, then 1 s, 2 s, 4 s … up to 15 minutes between attempts; an hour of quiet clears it. Never a permanent lock.
 * - over the installation: more than 50 failures in 10 minutes raise an alarm (see `login.ts`).
 */
const PER_ADDRESS = 20
const ADDRESS_WINDOW_MS = 60_000
const FREE_FAILURES = 5
const LONGEST_DELAY_S = 15 * 60
const ACCOUNT_MEMORY_MS = 3_600_000
const ALARM_WINDOW_MS = 10 * 60_000
const ALARM_ABOVE = 50

/** @throws AppError `too_many_attempts` with the seconds to wait. `area` keeps set-up and log-in apart. */
export async function countAddressAttempt(
  area: "login" | "setup",
  remoteIp: string | null,
  now: number,
): Promise<void> {
  await withInstallation(async (tx) => {
    const row = await lockSubject(tx, addressSubject(area, remoteIp), now)
    const isNew = now - row.startedAt >= ADDRESS_WINDOW_MS
    if (!isNew && row.failures >= PER_ADDRESS) throw tooMany(row.startedAt + ADDRESS_WINDOW_MS - now)
    await save(tx, row.subject, isNew ? 1 : row.failures + 1, isNew ? now : row.startedAt, null)
    if (isNew) await tx.delete(loginAttempts).where(lt(loginAttempts.window_started_at, toIso(now - DAY_MS)))
  })
}

/** @throws AppError `too_many_attempts`; the same for an account that does not exist. */
export async function countAccountAttempt(email: string, now: number): Promise<void> {
  await withInstallation(async (tx) => {
    const row = await lockSubject(tx, `account:${email}`, now)
    if (row.blockedUntil !== null && row.blockedUntil > now) throw tooMany(row.blockedUntil - now)
    const failures = now - row.startedAt >= ACCOUNT_MEMORY_MS ? 1 : row.failures + 1
    const delayed = failures >= FREE_FAILURES
    const delay = Math.min(2 ** Math.min(failures - FREE_FAILURES, 20), LONGEST_DELAY_S)
    await save(tx, row.subject, failures, now, delayed ? now + delay * 1000 : null)
  })
}

/** A good attempt: the account starts afresh, the address gets its attempt back. */
export async function forgiveAttempt(email: string, remoteIp: string | null, now: number): Promise<void> {
  await withInstallation(async (tx) => {
    const row = await lockSubject(tx, addressSubject("login", remoteIp), now)
    await save(tx, row.subject, Math.max(0, row.failures - 1), row.startedAt, null)
    await tx.delete(loginAttempts).where(eq(loginAttempts.subject, `account:${email}`))
  })
}

/** Counts a failure of the whole installation. @returns true once per window, when it becomes an alarm. */
export async function countFailure(now: number): Promise<boolean> {
  return await withInstallation(async (tx) => {
    const row = await lockSubject(tx, "installation", now)
    const isNew = now - row.startedAt >= ALARM_WINDOW_MS
    const failures = isNew ? 1 : row.failures + 1
    await save(tx, row.subject, failures, isNew ? now : row.startedAt, null)
    return failures === ALARM_ABOVE + 1
  })
}

function addressSubject(area: "login" | "setup", remoteIp: string | null): string {
  return `ip:${area}:${remoteIp ?? "unknown"}`
}

type Subject = { subject: string; failures: number; startedAt: number; blockedUntil: number | null }

async function lockSubject(tx: Tx, subject: string, now: number): Promise<Subject> {
  await tx
    .insert(loginAttempts)
    .values({ subject, failures: 0, window_started_at: toIso(now) })
    .onConflictDoNothing()
  const [row] = await tx.select().from(loginAttempts).where(eq(loginAttempts.subject, subject)).for("update")
  if (!row) throw new AppError("busy", "Try again.")
  return {
    subject,
    failures: row.failures,
    startedAt: Date.parse(row.window_started_at),
    blockedUntil: row.blocked_until === null ? null : Date.parse(row.blocked_until),
  }
}

async function save(tx: Tx, subject: string, failures: number, startedAt: number, blockedUntil: number | null) {
  await tx
    .update(loginAttempts)
    .set({
      failures,
      window_started_at: toIso(startedAt),
      blocked_until: blockedUntil === null ? null : toIso(blockedUntil),
    })
    .where(eq(loginAttempts.subject, subject))
}

function tooMany(waitMs: number): AppError {
  return new AppError("too_many_attempts", "Too many attempts. Wait a moment, then try again.", {
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  })
}
