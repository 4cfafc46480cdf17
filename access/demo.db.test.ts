import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import type { UserActor } from "@/access/actor"
import { cancelDemo, demoState, makeDemo, removeDemo } from "@/access/demo"
import { runSeed } from "@/access/demo-process"
import { readerFor } from "@/db/testing-reader"

// The process that makes the data is played with on a whole server; here it is who may start it, and what is written down.
vi.mock("@/access/demo-process", () => ({ runSeed: vi.fn() }))

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const ORIGIN = { requestId: "test", remoteIp: null }
const user = (isAdmin: boolean): UserActor => ({
  kind: "user",
  userId: "u",
  email: isAdmin ? "admin@example.com" : "member@example.com",
  name: "x",
  isAdmin,
  sessionId: "s",
  memberships: [],
})
const admin = user(true)
const settled = async () =>
  await vi.waitFor(async () => expect((await demoState(admin)).job?.state).not.toBe("running"), { timeout: 10_000 })
const trail = async () =>
  (await db.make.sql`select action, target from audit_log where project_id is null order by id`).map((row) => [
    row.action,
    row.target,
  ])

beforeAll(async () => {
  await db.make.project({ slug: "demo" })
  await db.make.sql`insert into projects (slug, name, is_demo) values ('one-run', 'One run', true)`
})
afterAll(() => vi.restoreAllMocks())

describe("demo data", () => {
  test("is an administrator's matter alone", async () => {
    const member = user(false)
    const forbidden = { code: "forbidden" }
    await expect(demoState(member)).rejects.toMatchObject(forbidden)
    await expect(makeDemo(member, 1, ORIGIN)).rejects.toMatchObject(forbidden)
    await expect(cancelDemo(member, ORIGIN)).rejects.toMatchObject(forbidden)
    await expect(removeDemo(member, "one-run", ORIGIN)).rejects.toMatchObject(forbidden)
    expect(runSeed).not.toHaveBeenCalled()
    expect(await db.make.sql`select 1 from projects where slug = 'one-run'`).toHaveLength(1)
  })

  test("goes into a project of its own, never into one that has the name already", async () => {
    let end: (message: string) => void = () => {}
    vi.mocked(runSeed).mockImplementation(
      (_slug, _scale, report) =>
        new Promise((resolve) => {
          report(5, 10)
          end = resolve
        }),
    )
    const state = await makeDemo(admin, 0.5, ORIGIN)
    expect(vi.mocked(runSeed).mock.calls[0]?.slice(0, 2)).toEqual(["demo-2", 0.5])
    expect(state.job).toMatchObject({ state: "running", title: "Making demo-2", done: 5, total: 10 })
    await expect(makeDemo(admin, 1, ORIGIN)).rejects.toMatchObject({ code: "conflict" })
    await expect(removeDemo(admin, "one-run", ORIGIN)).rejects.toMatchObject({ code: "conflict" })
    end("Made.")
    await settled()
    expect((await demoState(admin)).job).toMatchObject({ state: "done", message: "Made." })
  })

  test("a project that holds no demo data is not there for removal; one that does goes, and it is written down", async () => {
    await expect(removeDemo(admin, "demo", ORIGIN)).rejects.toMatchObject({ code: "not_found" })
    await removeDemo(admin, "one-run", ORIGIN)
    await settled()
    expect((await demoState(admin)).projects).toEqual([])
    expect(await db.make.sql`select slug from projects`).toEqual([{ slug: "demo" }])
    expect(await trail()).toEqual([
      ["demo.started", "project:demo-2"],
      ["demo.removed", "project:one-run"],
    ])
  })
})
