import { existsSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { authenticateKey } from "@/access/keys"
import { completeSetup, ensureSetupLink, forgetSetUp, isSetUp } from "@/access/setup"
import { ORIGIN, openTestInstallation, type TestInstallation } from "@/access/testing"
import { AppError } from "@/lib/errors"

let place: TestInstallation
let printed = ""
beforeAll(async () => {
  place = await openTestInstallation()
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    printed += String(chunk)
    return true
  })
})
afterAll(async () => {
  vi.restoreAllMocks()
  await place.close()
})
beforeEach(async () => {
  printed = ""
  await place.owner`delete from accounts`
  await place.owner`truncate users, setup_tokens, login_attempts, projects, ingest_keys, memberships cascade`
  forgetSetUp()
})

const link = () => ensureSetupLink({ dataDir: place.dataDir, publicUrl: "http://127.0.0.1:4110" })
const tokenOf = (url: string | null) => new URL(url ?? "").hash.replace("#token=", "")
const input = (token: string, email = "ada@example.com") => ({
  token,
  name: "Ada",
  email,
  password: "lantern over quiet water",
  project: "Büro Nord",
  zone: "Europe/Berlin",
})
const codeOf = async (work: Promise<unknown>) =>
  await work.then(
    () => "done",
    (error) => (error instanceof AppError ? error.code : String(error)),
  )

describe("A1 first run", () => {
  it("prints a link of at least 128 bits, keeps it in a file of mode 0600, and stores its hash alone", async () => {
    const url = await link()
    const token = tokenOf(url)
    expect(Buffer.from(token, "base64url").length).toBeGreaterThanOrEqual(16)
    expect(printed).toContain(String(url))
    const file = join(place.dataDir, "setup-link.txt")
    expect(readFileSync(file, "utf8").trim()).toBe(url)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const rows = await place.owner`select * from setup_tokens`
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it("of 50 set-ups at once with the right token makes one administrator, one project, one key", async () => {
    const token = tokenOf(await link())
    const codes = await Promise.all(
      Array.from({ length: 50 }, (_, i) => codeOf(completeSetup(input(token, `ada${i}@example.com`), ORIGIN))),
    )
    expect(codes.filter((code) => code === "done")).toHaveLength(1)
    expect(codes.filter((code) => code === "conflict" || code === "not_found")).toHaveLength(49)
    const [counts] = await place.owner`
      select (select count(*)::int from users where is_admin) as admins, (select count(*)::int from projects) as projects,
        (select count(*)::int from ingest_keys) as keys, (select count(*)::int from accounts) as accounts`
    expect(counts).toEqual({ admins: 1, projects: 1, keys: 1, accounts: 1 })
    expect(await isSetUp()).toBe(true)
  })

  it("gives a key that ingests and reads, and shows no part of it in the database", async () => {
    const done = await completeSetup(input(tokenOf(await link())), ORIGIN)
    expect(done).toMatchObject({ project: "buro-nord", url: "http://127.0.0.1:4110" })
    const actor = await authenticateKey(`Bearer ${done.key}`, "ingest", null)
    expect(actor).toMatchObject({ project: { slug: "buro-nord", zone: "Europe/Berlin" }, scopes: ["ingest", "read"] })
    const secret = done.key.slice(-43)
    const dump = JSON.stringify([
      await place.owner`select * from ingest_keys`,
      await place.owner`select * from audit_log`,
    ])
    expect(dump).not.toContain(secret)
  })

  it("answers 429 after 20 wrong tokens from one address, and the right token still works", async () => {
    const token = tokenOf(await link())
    const codes: string[] = []
    for (let i = 0; i < 22; i++) codes.push(await codeOf(completeSetup(input(`wrong-${i}`), ORIGIN)))
    expect(codes.slice(0, 20)).toEqual(Array(20).fill("unauthenticated"))
    expect(codes.slice(20)).toEqual(["too_many_attempts", "too_many_attempts"])
    expect(await codeOf(completeSetup(input(token), ORIGIN))).toBe("done")
  })

  it("refuses a token after 60 minutes, and a weak password without spending the token", async () => {
    const token = tokenOf(await link())
    expect(await codeOf(completeSetup({ ...input(token), password: "Password2024!" }, ORIGIN))).toBe("weak_password")
    await place.owner`update setup_tokens set expires_at = now() - interval '1 second'`
    expect(await codeOf(completeSetup(input(token), ORIGIN))).toBe("unauthenticated")
    const fresh = tokenOf(await link())
    expect(await codeOf(completeSetup(input(fresh), ORIGIN))).toBe("done")
  })

  it("after the first administrator: 404, no link, no file, nothing printed", async () => {
    const token = tokenOf(await link())
    await completeSetup(input(token), ORIGIN)
    printed = ""
    forgetSetUp()
    expect(await codeOf(completeSetup(input(token), ORIGIN))).toBe("not_found")
    expect(await link()).toBeNull()
    expect(printed).toBe("")
    expect(existsSync(join(place.dataDir, "setup-link.txt"))).toBe(false)
  })
})
