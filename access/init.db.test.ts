import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest"
import { initFromEnvironment } from "@/access/init"
import { makeKeySecret } from "@/access/key-secret"
import { authenticateKey } from "@/access/keys"
import { forgetSetUp } from "@/access/setup"
import { logInForTest, openTestInstallation, type TestInstallation } from "@/access/testing"

let place: TestInstallation
beforeAll(async () => {
  place = await openTestInstallation()
  vi.spyOn(process.stdout, "write").mockReturnValue(true)
})
afterAll(async () => {
  vi.restoreAllMocks()
  await place.close()
})
beforeEach(async () => {
  await place.owner`truncate users, accounts, projects, ingest_keys, login_attempts cascade`
  forgetSetUp()
})

const good = () => ({
  ANDON_INIT_ADMIN_EMAIL: "Ops@Example.com",
  ANDON_INIT_ADMIN_PASSWORD: "lantern over quiet water",
  ANDON_INIT_PROJECT: "Line One",
  ANDON_INIT_INGEST_KEY: makeKeySecret().text,
})

it("sets up once, and changes nothing at the next start, even with other values", async () => {
  const env = good()
  expect(await initFromEnvironment(env)).toBe(true)
  const before = await snapshot()
  forgetSetUp()
  expect(await initFromEnvironment(env)).toBe(false)
  expect(await initFromEnvironment({ ...good(), ANDON_INIT_ADMIN_EMAIL: "other@example.com" })).toBe(false)
  expect(await snapshot()).toEqual(before)
  expect((await authenticateKey(`Bearer ${env.ANDON_INIT_INGEST_KEY}`, "read", null)).project.slug).toBe("line-one")
  expect((await logInForTest("ops@example.com", env.ANDON_INIT_ADMIN_PASSWORD)).actor.isAdmin).toBe(true)
})

it("takes the next free name when demo data has taken it", async () => {
  await place.owner`insert into projects (slug, name, is_demo) values ('demo', 'Demo', true), ('demo-2', 'Demo', true)`
  const env = { ...good(), ANDON_INIT_PROJECT: "Demo" }
  expect(await initFromEnvironment(env)).toBe(true)
  const { project } = await authenticateKey(`Bearer ${env.ANDON_INIT_INGEST_KEY}`, "read", null)
  expect([project.slug, project.name, project.isDemo]).toEqual(["demo-3", "Demo", false])
})

it("reads secrets from files", async () => {
  const file = join(place.dataDir, "password")
  writeFileSync(file, "lantern over quiet water\n")
  const { ANDON_INIT_ADMIN_PASSWORD: _, ...env } = good()
  expect(await initFromEnvironment({ ...env, ANDON_INIT_ADMIN_PASSWORD_FILE: file })).toBe(true)
  await logInForTest("ops@example.com", "lantern over quiet water")
})

it.each([
  ["a short password", { ANDON_INIT_ADMIN_PASSWORD: "short" }],
  ["a common password", { ANDON_INIT_ADMIN_PASSWORD: "Password2024!" }],
  ["the e-mail as password", { ANDON_INIT_ADMIN_PASSWORD: "ops@example.com" }],
  ["no password", { ANDON_INIT_ADMIN_PASSWORD: undefined }],
  ["no address", { ANDON_INIT_ADMIN_EMAIL: undefined }],
  ["an address that is none", { ANDON_INIT_ADMIN_EMAIL: "ops" }],
  ["a key of another form", { ANDON_INIT_INGEST_KEY: "sk-123" }],
  ["a key of one repeated letter", { ANDON_INIT_INGEST_KEY: `andon_live_abcdefgh_${"a".repeat(43)}` }],
  ["a key that somebody typed", { ANDON_INIT_INGEST_KEY: `andon_live_abcdefgh_${"abc123".repeat(8).slice(0, 43)}` }],
])("refuses %s and makes nothing", async (_, change) => {
  const env = { ...good(), ...change }
  const refusal = await initFromEnvironment(env).catch((error: unknown) => String(error))
  expect(refusal).toContain("ANDON_INIT_")
  for (const value of [env.ANDON_INIT_ADMIN_PASSWORD, env.ANDON_INIT_INGEST_KEY])
    if (value && value.length > 10) expect(refusal).not.toContain(value)
  expect(await place.owner`select 1 from users`).toHaveLength(0)
})

async function snapshot() {
  return {
    users: await place.owner`select id, email, is_admin, updated_at from users`,
    accounts: await place.owner`select id, password from accounts`,
    projects: await place.owner`select * from projects`,
    keys: await place.owner`select id, public_id, secret_hmac, expires_at from ingest_keys`,
  }
}
