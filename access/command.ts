import { eq } from "drizzle-orm"
import { audit, type Origin } from "@/access/audit"
import { parseInput } from "@/access/body"
import { makeKeySecret } from "@/access/key-secret"
import { assertStrongPassword } from "@/access/password"
import { install, isSetUp } from "@/access/setup"
import { endSessions, insertUser, setPassword } from "@/access/users"
import { users } from "@/db/schema/auth"
import { lockInstallation, type Tx, withInstallation } from "@/db/scope"
import { SetupInput } from "@/lib/contracts/access"
import { AppError } from "@/lib/errors"

/** Who sits at the machine may do this: he could read the data folder too. */
const ORIGIN: Origin = { requestId: "command-line", remoteIp: null }
const ACTOR = "operator of the machine"
const Input = SetupInput.omit({ token: true })

/**
 * The first administrator with a project, or one more. An account that exists becomes an administrator who can log in with this password.
 * @returns what was done, in words. @throws AppError `invalid_input`, `weak_password`.
 */
export async function adminByCommand(given: {
  email: string
  name: string
  password: string
  project: string
  zone: string
}): Promise<string> {
  const input = parseInput(given, Input)
  assertStrongPassword(input.password, input.email)
  if (!(await isSetUp())) {
    const done = await install(input, { name: input.project, zone: input.zone }, makeKeySecret(), null, ORIGIN)
    if (done)
      return `Made the administrator ${input.email} and the project ${done.project}. Ingest keys are made in Settings.`
  }
  return await withInstallation(async (tx) => {
    await lockInstallation(tx, "members")
    const [known] = await tx.select().from(users).where(eq(users.email, input.email))
    const user = known ?? (await insertUser(tx, { ...input, isAdmin: true }))
    if (known) {
      await tx.update(users).set({ isAdmin: true, disabledAt: null }).where(eq(users.id, known.id))
      await replacePassword(tx, known.id, input.password)
    }
    const entry = {
      projectId: null,
      actor: ACTOR,
      target: `user:${user.email}`,
      after: { role: "admin", is_new: !known },
    }
    await audit(tx, { ...entry, action: known ? "member.updated" : "member.added" }, ORIGIN)
    return `${user.email} is ${known ? "now" : "made"} an administrator.`
  })
}

/** Sets a person's password and ends his sessions. @throws AppError `not_found`, `weak_password`. */
export async function newPasswordByCommand(email: string, password: string): Promise<string> {
  const address = email.trim().toLowerCase()
  assertStrongPassword(password, address)
  return await withInstallation(async (tx) => {
    const [user] = await tx.select().from(users).where(eq(users.email, address))
    if (!user) throw new AppError("not_found", `Nobody has the address ${address}.`)
    await replacePassword(tx, user.id, password)
    await audit(tx, { projectId: null, actor: ACTOR, action: "password.changed", target: `user:${address}` }, ORIGIN)
    return `${address} has a new password; all sessions ended.`
  })
}

async function replacePassword(tx: Tx, userId: string, password: string): Promise<void> {
  await setPassword(tx, userId, password)
  await endSessions(tx, userId)
}
