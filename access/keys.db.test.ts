import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import type { ProjectActor } from "@/access/actor"
import { forgetKeys } from "@/access/authenticate-key"
import { makeKeySecret } from "@/access/key-secret"
import { authenticateKey, createKey, listKeys, revokeKey, rotateKey } from "@/access/keys"
import { authorize } from "@/access/project"
import {
  addProjectForTest,
  installForTest,
  ORIGIN,
  openTestInstallation,
  type TestInstallation,
} from "@/access/testing"
import type { KeyScope } from "@/lib/vocabulary"

let place: TestInstallation
let north: ProjectActor
let south: ProjectActor
beforeAll(async () => {
  place = await openTestInstallation()
  const { admin, user } = await installForTest()
  north = admin
  south = await addProjectForTest(user, "South")
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => place.close())

let names = 0
const make = (actor: ProjectActor = north, change: object = {}) =>
  createKey(
    actor,
    { name: `key ${names++}`, scopes: ["ingest"], environment: null, expires_in_days: 180, ...change },
    ORIGIN,
  )
/** The clock stands still there from now on. */
const stopClock = (at: number) => vi.spyOn(Date, "now").mockReturnValue(at)
const check = (secret: string, scope: "ingest" | "read" = "ingest") =>
  authenticateKey(`Bearer ${secret}`, scope, "192.0.2.9")

describe("A10 ingest keys", () => {
  it("has the form andon_live_<8>_<43>, is shown once, and leaves only its HMAC behind", async () => {
    const { key, secret } = await make()
    expect(secret).toMatch(/^andon_live_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}$/)
    expect(key.hint).toBe(`${secret.slice(0, 20)}…${secret.slice(-4)}`)
    const secretPart = secret.slice(20)
    const stored = JSON.stringify([
      await place.owner`select * from ingest_keys`,
      await place.owner`select * from audit_log`,
      await listKeys(north),
    ])
    expect(stored).not.toContain(secretPart)
    expect(await check(secret)).toMatchObject({ keyId: key.id, project: { slug: "north" }, environment: null })
  })

  it("lives 180 days unless told, at most 365", async () => {
    const { key } = await make()
    expect(Date.parse(key.expires_at) - Date.parse(key.created_at)).toBeGreaterThan(179.9 * 86_400_000)
    expect(key.expires_within_days).toBeNull()
    expect((await make(north, { expires_in_days: 3 })).key.expires_within_days).toBe(3)
    expect((await make(north, { expires_in_days: 13 })).key.expires_within_days).toBe(14)
  })

  it("refuses no key, a wrong form, an unknown id, a wrong secret: the same words for the last three", async () => {
    const { secret } = await make()
    await expect(authenticateKey(undefined, "ingest", null)).rejects.toMatchObject({ code: "unauthenticated" })
    const other = makeKeySecret().text
    const wrong = [other, `${secret.slice(0, 20)}${other.slice(20)}`, "sk-1", `${secret}x`, secret.toUpperCase(), ""]
    const refusals = await Promise.all(
      wrong.map((text) => check(text).then(String, (error) => `${error.code}: ${error.message}`)),
    )
    expect(new Set(refusals).size).toBe(1)
    expect(refusals[0]).toMatch(/^key_invalid: /)
    await expect(authenticateKey(secret, "ingest", null)).rejects.toMatchObject({ code: "key_invalid" })
  })

  it("does what one of its scopes is for, where any of several is enough", async () => {
    const { secret } = await make()
    const any = (...scopes: KeyScope[]) => authenticateKey(`Bearer ${secret}`, scopes, null)
    expect(await any("read", "ingest")).toMatchObject({ scopes: ["ingest"] })
    await expect(any("read", "directives")).rejects.toThrow('lacks the scope "read" or "directives"')
  })

  it("refuses an expired key by name, also one that expires while it is cached", async () => {
    const { key, secret } = await make()
    await check(secret)
    await place.owner`update ingest_keys set expires_at = now() - interval '1 second' where id = ${key.id}`
    forgetKeys()
    await expect(check(secret)).rejects.toMatchObject({ code: "key_expired" })
    const end = Date.now() + 3_600_000
    await place.owner`update ingest_keys set expires_at = ${new Date(end)} where id = ${key.id}`
    forgetKeys()
    stopClock(end - 1)
    await check(secret)
    stopClock(end)
    await expect(check(secret)).rejects.toMatchObject({ code: "key_expired" })
  })

  it("refuses a scope that the key lacks", async () => {
    const { secret } = await make()
    await expect(check(secret, "read")).rejects.toMatchObject({ code: "missing_scope" })
  })

  it("a revoked key is refused at once here, and within a second where it is cached", async () => {
    const here = await make()
    await check(here.secret)
    await revokeKey(north, here.key.id, ORIGIN)
    await expect(check(here.secret)).rejects.toMatchObject({ code: "key_revoked" })
    const elsewhere = await make()
    const asked = Date.now()
    stopClock(asked)
    await check(elsewhere.secret)
    await place.owner`update ingest_keys set revoked_at = now() where id = ${elsewhere.key.id}`
    stopClock(asked + 999)
    await check(elsewhere.secret)
    stopClock(asked + 1_000)
    await expect(check(elsewhere.secret)).rejects.toMatchObject({ code: "key_revoked" })
  })

  it("rotates with overlap: both work, the old one ends with the overlap, a third is refused", async () => {
    const old = await make(north, { scopes: ["ingest", "read"], environment: "production" })
    const next = await rotateKey(north, old.key.id, { overlap_hours: 24, expires_in_days: 180 }, ORIGIN)
    expect(next.key).toMatchObject({ name: old.key.name, scopes: ["ingest", "read"], environment: "production" })
    await check(old.secret)
    await check(next.secret)
    const listed = (await listKeys(north)).items.find((key) => key.id === old.key.id)
    expect(Date.parse(listed?.expires_at ?? "") - Date.now()).toBeLessThanOrEqual(24 * 3_600_000)
    const again = { overlap_hours: 24, expires_in_days: 180 }
    await expect(rotateKey(north, next.key.id, again, ORIGIN)).rejects.toMatchObject({ code: "conflict" })
    await revokeKey(north, old.key.id, ORIGIN)
    await rotateKey(north, next.key.id, { overlap_hours: 0, expires_in_days: 180 }, ORIGIN)
    await expect(check(next.secret)).rejects.toMatchObject({ code: "key_expired" })
  })

  it("of 10 rotations at once one succeeds; of 10 keys made at once with one name, one", async () => {
    const { key } = await make()
    const rotations = await Promise.allSettled(
      Array.from({ length: 10 }, () => rotateKey(north, key.id, { overlap_hours: 1, expires_in_days: 10 }, ORIGIN)),
    )
    expect(rotations.filter((result) => result.status === "fulfilled")).toHaveLength(1)
    const made = await Promise.allSettled(Array.from({ length: 10 }, () => make(north, { name: "same" })))
    expect(made.filter((result) => result.status === "fulfilled")).toHaveLength(1)
  })

  it("notes the last use at most once a minute", async () => {
    const { key, secret } = await make()
    await check(secret)
    const used = async () =>
      (await place.owner`select last_used_at, last_used_ip, xmin::text from ingest_keys where id = ${key.id}`)[0]
    await expect.poll(async () => (await used())?.last_used_ip, { timeout: 10_000 }).toBe("192.0.2.9")
    const first = await used()
    for (let i = 0; i < 20; i++) await check(secret)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await used()).toEqual(first)
  })

  it("costs less than 20 µs when it is known", async () => {
    const { secret } = await make()
    const header = `Bearer ${secret}`
    const rounds: number[] = []
    for (let round = 0; round < 20; round++) {
      await authenticateKey(header, "ingest", null)
      const from = performance.now()
      for (let i = 0; i < 500; i++) await authenticateKey(header, "ingest", null)
      rounds.push(((performance.now() - from) * 1000) / 500)
    }
    expect(rounds.sort((a, b) => a - b)[5]).toBeLessThan(20)
  })
})

describe("B62 keys of another project", () => {
  it("another project's key id is as absent as one that nobody has", async () => {
    const { key } = await make(south)
    const missing = await revokeKey(north, 999_999, ORIGIN).catch((error) => [error.code, error.message])
    expect(await revokeKey(north, key.id, ORIGIN).catch((error) => [error.code, error.message])).toEqual(missing)
    const rotation = { overlap_hours: 1, expires_in_days: 10 }
    expect(await rotateKey(north, key.id, rotation, ORIGIN).catch((error) => [error.code, error.message])).toEqual(
      missing,
    )
    expect((await listKeys(north)).items.map((item) => item.id)).not.toContain(key.id)
  })

  it("a read key sees its own project only, and manages nothing", async () => {
    const { secret } = await make(north, { scopes: ["read"] })
    const ask = (query: string, permission: "spend.read" | "keys.manage" = "spend.read") =>
      authorize(
        {
          headers: new Headers({ authorization: `Bearer ${secret}` }),
          url: new URL(`http://127.0.0.1/api${query}`),
          remoteIp: null,
        },
        permission,
      )
    expect(await ask("")).toMatchObject({ role: "key", project: { slug: "north" } })
    expect(await ask("?project=north")).toMatchObject({ project: { slug: "north" } })
    await expect(ask("?project=south")).rejects.toMatchObject({ code: "foreign_project" })
    await expect(ask("?project=nowhere")).rejects.toMatchObject({ code: "foreign_project" })
    await expect(ask("", "keys.manage")).rejects.toMatchObject({ code: "forbidden" })
  })
})
