import { randomUUID } from "node:crypto"
import { hashPassword } from "better-auth/crypto"
import { and, eq } from "drizzle-orm"
import { accounts, sessions, users } from "@/db/schema/auth"
import type { Tx } from "@/db/scope"

export type NewUser = { email: string; name: string; password: string; isAdmin: boolean }
export type UserRow = typeof users.$inferSelect

/**
 * A person with a password, in the transaction of what makes him: the library's own sign-up knows no transaction, and is switched off.
 * The rows are exactly those that it reads (provider `credential`, its scrypt hash).
 */
export async function insertUser(tx: Tx, user: NewUser): Promise<UserRow> {
  const id = randomUUID()
  const password = await hashPassword(user.password)
  const [row] = await tx
    .insert(users)
    .values({ id, email: user.email.trim().toLowerCase(), name: user.name, isAdmin: user.isAdmin })
    .returning()
  await tx.insert(accounts).values({ id: randomUUID(), accountId: id, providerId: "credential", userId: id, password })
  return row as UserRow
}

export async function setPassword(tx: Tx, userId: string, password: string): Promise<void> {
  const hash = await hashPassword(password)
  await tx
    .update(accounts)
    .set({ password: hash, updatedAt: new Date() })
    .where(and(eq(accounts.userId, userId), eq(accounts.providerId, "credential")))
}

/** Ends every session of a person; the next request of each is refused. @returns how many. */
export async function endSessions(tx: Tx, userId: string): Promise<number> {
  const ended = await tx.delete(sessions).where(eq(sessions.userId, userId)).returning({ id: sessions.id })
  return ended.length
}
