import { afterAll, beforeAll, expect, it } from "vitest"
import { adminByCommand, newPasswordByCommand } from "@/access/command"
import { currentUser } from "@/access/session"
import { logInForTest, openTestInstallation, type TestInstallation } from "@/access/testing"

let place: TestInstallation
beforeAll(async () => {
  place = await openTestInstallation()
})
afterAll(() => place.close())

const ADA = {
  email: "Ada@Example.com",
  name: "Ada",
  password: "lantern over quiet water",
  project: "Line One",
  zone: "UTC",
}

it("makes the first administrator with a project, then further ones, and lets a locked-out one in again", async () => {
  await expect(adminByCommand({ ...ADA, password: "short" })).rejects.toMatchObject({ code: "weak_password" })
  await expect(adminByCommand({ ...ADA, zone: "Mars/Olympus" })).rejects.toMatchObject({ field: "zone" })
  expect(await adminByCommand(ADA)).toMatch(/ada@example.com.*line-one/)
  const ada = await logInForTest("ada@example.com", ADA.password)
  expect(ada.actor.isAdmin).toBe(true)
  await adminByCommand({ ...ADA, email: "grace@example.com" })
  expect((await logInForTest("grace@example.com", ADA.password)).actor.isAdmin).toBe(true)
  await place.owner`update users set disabled_at = now(), is_admin = false where email = 'grace@example.com'`
  const next = "four small copper kettles"
  await adminByCommand({ ...ADA, email: "grace@example.com", password: next })
  expect((await logInForTest("grace@example.com", next)).actor.isAdmin).toBe(true)
  expect(await place.owner`select 1 from projects`).toHaveLength(1)
})

it("sets a password and ends the sessions; an unknown address is named", async () => {
  const before = await logInForTest("ada@example.com", ADA.password)
  await newPasswordByCommand(" ADA@example.com", "seven tall green bottles")
  expect(await currentUser(before.headers)).toBeNull()
  await logInForTest("ada@example.com", "seven tall green bottles")
  await expect(newPasswordByCommand("nobody@example.com", "seven tall green bottles")).rejects.toMatchObject({
    code: "not_found",
  })
  const [row] = await place.owner`select actor from audit_log where action = 'password.changed'`
  expect(row?.actor).toBe("operator of the machine")
})
