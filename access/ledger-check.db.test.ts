import { beforeAll, describe, expect, test, vi } from "vitest"
import { checkLedger, ledgerHealth } from "@/access/ledger-check"
import { actorOf } from "@/access/testing"
import { readerFor } from "@/db/testing-reader"
import type { Role } from "@/lib/vocabulary"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const ORIGIN = { requestId: "test", remoteIp: null }
let [mine, other] = [0, 0]

const as = (role: Role, id: number) =>
  actorOf(
    { id, slug: `p${id}`, name: "p", zone: "UTC", currency: "USD", prefersReportedCost: true, isDemo: false },
    role,
  )

beforeAll(async () => {
  for (const which of [0, 1]) {
    const id = await db.make.project()
    if (which === 0) mine = id
    else other = id
    await db.make.spans(id, [
      { at: "2026-11-19T10:00:00Z", cost: "1", model: "m" },
      { at: "2026-11-20T10:00:00Z", cost: null, model: "m" },
    ])
    await db.make.rollUp(id)
    await db.make.sql`insert into ingest_counters (project_id, key_id, hour, accepted, rejected, last_at)
      values (${id}, 1, '2026-11-20T09:00:00Z', 7, 2, '2026-11-20T09:30:00Z'), (${id}, 1, '2026-11-20T10:00:00Z', 3, 0, '2026-11-20T10:01:00Z')`
  }
})

async function check(id: number, withEvents = false) {
  checkLedger(as("admin", id), withEvents, ORIGIN)
  await vi.waitFor(async () => expect((await ledgerHealth(as("admin", id))).check.job?.state).not.toBe("running"), {
    timeout: 20_000,
    interval: 50,
  })
  return (await ledgerHealth(as("admin", id))).check
}

describe("ledger health", () => {
  test("counts what came in, for everybody; sizes are an administrator's", async () => {
    const seen = await ledgerHealth(as("viewer", mine))
    expect(seen).toMatchObject({
      accepted: 10,
      rejected: 2,
      calls: 2,
      last_event_at: "2026-11-20T10:01:00.000Z",
      storage: null,
    })
    const { storage } = await ledgerHealth(as("admin", mine))
    expect(storage?.tables.find((table) => table.name === "spans")?.partitions).toMatchObject({
      count: 2,
      oldest: "2026-11-19",
      newest: "2026-11-20",
    })
    expect(storage?.tables.reduce((sum, table) => sum + table.bytes, 0)).toBeLessThan(storage?.database_bytes ?? 0)
  })

  test("a check finds what is wrong in this project and does not see another's", async () => {
    await db.make.sql`update spend_rollup set cost = cost + 1 where project_id = ${other} and grain = 15 and cost = 1`
    expect(await check(mine)).toMatchObject({ last: { found: 0, actor: "user:admin@example.com", with_events: false } })
    const wrong = await check(other)
    expect(wrong.last?.found).toBe(1)
    expect(wrong.job?.message).toContain("1 difference in 4 rows")
    expect((await ledgerHealth(as("viewer", mine))).check.last?.found).toBe(0)
    const [row] = await db.make
      .sql`select after from audit_log where project_id = ${other} and action = 'ledger.checked'`
    expect(row?.after.differences[0]).toMatchObject({
      table: "spend_rollup",
      column: "cost",
      stored: "2",
      computed: "1",
    })
  })

  test("only an administrator starts one", () => {
    for (const role of ["viewer", "operator", "finance"] as const)
      expect(() => checkLedger(as(role, mine), false, ORIGIN)).toThrow(expect.objectContaining({ code: "forbidden" }))
  })
})
