import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { rebuild } from "./rebuild"
import { sweepExceptions } from "./sweep-exceptions"
import { openLedger } from "./testing"

let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())
beforeEach(() => withOwner(ledger.database.owner, clear))

async function clear(sql: Parameters<Parameters<typeof withOwner>[1]>[0]): Promise<void> {
  await sql`truncate events, event_keys, runs, spans, exceptions, exception_runs`
  await sql`alter table exception_log disable trigger exception_log_append_only`
  await sql`truncate exception_log`
  await sql`alter table exception_log enable trigger exception_log_append_only`
}

let n = 0
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString()
const started = (run: string, workflow = "invoices") => ({
  id: `e${n++}`,
  type: "run.started",
  run,
  at: at(0),
  workflow,
})
const halted = (run: string, reason = "row 17 is empty", minute = 5) => ({
  id: `e${n++}`,
  type: "run.halted",
  run,
  at: at(minute),
  by: "agent",
  step: "parse",
  reason,
})
const finished = (run: string, minute: number) => ({
  id: `e${n++}`,
  type: "run.finished",
  run,
  at: at(minute),
  outcome: "succeeded",
})

const found = () =>
  withOwner(ledger.database.owner, async (sql) => {
    const rows = await sql`
      select e.id::text, e.workflow, e.step, e.state, e.version, e.count, e.previous_id::text as previous,
        (select array_agg(x.run_id order by x.run_id) from exception_runs x where x.exception_id = e.id and x.cleared_at is null) as runs
      from exceptions e order by e.id`
    return [...rows]
  })
const resolve = (id: string) =>
  withOwner(
    ledger.database.owner,
    (sql) => sql`update exceptions set state = 'resolved', version = version + 1 where id = ${id}`,
  )
const standing = { state: "unack_active", version: 1, step: "parse", workflow: "invoices", previous: null }

describe("a halt raises an exception", () => {
  it("in the transaction that stores it; repeats raise its count, another reason another one", async () => {
    await ledger.send([started("r1"), halted("r1")])
    expect(await found()).toMatchObject([{ ...standing, count: 1, runs: ["r1"] }])
    await ledger.send([started("r2"), halted("r2", "row 4 is empty"), started("r3"), halted("r3", "schema mismatch")])
    expect(await found()).toMatchObject([
      { ...standing, count: 2, runs: ["r1", "r2"] },
      { ...standing, count: 1, runs: ["r3"] },
    ])
  })

  it("once, however often the same events are sent, in one batch or many", async () => {
    const events = [started("r1"), halted("r1"), started("r2"), halted("r2")]
    await ledger.send(events)
    for (const event of events) await ledger.send([event])
    expect(await found()).toMatchObject([{ ...standing, count: 2 }])
  })

  it("whatever the order: one exception, under the workflow that became known last", async () => {
    await ledger.send([halted("r1")])
    expect(await found()).toMatchObject([{ workflow: null, count: 1 }])
    await ledger.send([started("r1")])
    expect(await found()).toMatchObject([{ ...standing, count: 1, runs: ["r1"] }])
    await ledger.send([halted("r2")])
    await ledger.send([started("r2")])
    expect(await found()).toMatchObject([{ ...standing, count: 2, runs: ["r1", "r2"] }])
  })

  it("of two servers at once, a hundred times the same: one open exception that counts all", async () => {
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => ledger.send([started(`r${i}`), halted(`r${i}`, `row ${i} is empty`)])),
    )
    expect(await found()).toMatchObject([{ ...standing, count: 100 }])
  })

  it("not a run that only failed or finished", async () => {
    await ledger.send([started("r1"), finished("r1", 3), started("r2")])
    expect(await found()).toEqual([])
  })
})

describe("when the run turns out not to be halted", () => {
  it("the condition is cleared, and stands there until somebody looks", async () => {
    await ledger.send([started("r1"), halted("r1")])
    await ledger.send([finished("r1", 2)])
    expect(await found()).toMatchObject([{ state: "unack_cleared", version: 2, count: 1, runs: null }])
    await ledger.send([started("r2"), halted("r2")])
    expect(await found()).toMatchObject([{ state: "unack_active", version: 3, count: 2, runs: ["r2"] }])
  })

  it("and one that somebody had acknowledged is resolved by itself", async () => {
    await ledger.send([started("r1"), halted("r1")])
    await withOwner(ledger.database.owner, (sql) => sql`update exceptions set state = 'ack_active', version = 2`)
    await ledger.send([finished("r1", 2)])
    expect(await found()).toMatchObject([{ state: "resolved", version: 3, count: 1 }])
    const log = await withOwner(ledger.database.owner, async (sql) => [...(await sql`select * from exception_log`)])
    expect(log).toMatchObject([
      {
        n: 3,
        actor: "andon",
        action: "clear",
        from_state: "ack_active",
        to_state: "resolved",
        cause: "condition_gone",
      },
    ])
  })

  it("but not while another run of it is", async () => {
    await ledger.send([started("r1"), halted("r1"), started("r2"), halted("r2")])
    await ledger.send([finished("r1", 2)])
    expect(await found()).toMatchObject([{ ...standing, count: 2, runs: ["r2"] }])
  })
})

describe("after it was resolved", () => {
  it("the next halt makes a new one that knows the one before", async () => {
    await ledger.send([started("r1"), halted("r1")])
    const [first] = await found()
    await resolve(first?.id)
    await ledger.send([started("r2"), halted("r2")])
    expect(await found()).toMatchObject([
      { state: "resolved", count: 1 },
      { ...standing, previous: first?.id, count: 1, runs: ["r2"] },
    ])
  })

  it("late events of its own runs change nothing of it", async () => {
    await ledger.send([halted("r1")])
    const [first] = await found()
    await resolve(first?.id)
    await ledger.send([started("r1")])
    expect(await found()).toMatchObject([{ state: "resolved", workflow: null, count: 1, runs: ["r1"] }])
  })
})

describe("the sweep", () => {
  it("raises what is missing, once, and a second one finds nothing", async () => {
    await ledger.send(Array.from({ length: 60 }, (_, i) => [started(`r${i}`), halted(`r${i}`)]).flat())
    await withOwner(ledger.database.owner, (sql) => sql`truncate exceptions, exception_runs`)
    const [mine, other] = await Promise.all([sweepExceptions(), sweepExceptions()])
    expect(mine + other).toBe(60)
    expect(await found()).toMatchObject([{ ...standing, count: 60 }])
    expect(await sweepExceptions()).toBe(0)
  })

  it("clears what is gone", async () => {
    await ledger.send([started("r1"), halted("r1")])
    await withOwner(ledger.database.owner, (sql) => sql`update runs set status = 'succeeded'`)
    expect(await sweepExceptions()).toBe(1)
    expect(await found()).toMatchObject([{ state: "unack_cleared" }])
  })
})

describe("the audit", () => {
  const told = async () => {
    const report = await withOwner(ledger.database.owner, (sql) => audit(sql))
    // Roll-ups are those of other tests: only their runs were removed.
    const own = report.differences.filter(({ table }) => table === "exceptions")
    return own.map(({ key, column, stored, computed }) => [key.run_id ?? key.id, column, stored, computed])
  }

  it("finds nothing after halts, moves and clears", async () => {
    await ledger.send([halted("r1"), started("r2"), halted("r2"), started("r3"), halted("r3")])
    await ledger.send([started("r1"), finished("r3", 2)])
    expect(await told()).toEqual([])
  })

  it("names a halted run without an exception, one that stands there and is not halted, and a count that is none", async () => {
    await ledger.send([started("r1"), halted("r1"), started("r2"), halted("r2"), started("r3")])
    const [exception] = await found()
    await withOwner(ledger.database.owner, async (sql) => {
      await sql`delete from exception_runs where run_id = 'r1'`
      await sql`insert into exception_runs select project_id, exception_id, 'r3', kind, at from exception_runs where run_id = 'r2'`
      await sql`insert into exception_runs select project_id, exception_id, 'gone', kind, at from exception_runs where run_id = 'r2'`
    })
    expect((await told()).sort()).toEqual([
      [Number(exception?.id), "count", "2", "3"],
      ["r1", "run", null, "halted"],
      ["r3", "run", "halted", "running"],
    ])
  })
})

it("a rebuild leaves exceptions and acts as they are", async () => {
  await ledger.send([started("r1"), halted("r1"), started("r2"), halted("r2", "schema mismatch")])
  const [first] = await found()
  await resolve(first?.id)
  const before = await found()
  await rebuild(ledger.key.project.id, { order: "reverse" })
  expect(await found()).toEqual(before)
  expect(await sweepExceptions()).toBe(0)
})
