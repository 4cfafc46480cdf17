import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { withProject } from "@/db/client"
import { withOwner } from "@/db/owner"
import { getException, listExceptionRuns } from "@/db/queries/exception"
import { listExceptions } from "@/db/queries/exceptions"
import { openLedger } from "@/ingest/testing"
import type { ExceptionActInput } from "@/lib/contracts/exceptions"
import { DEFAULT_FILTERS, type Filters } from "@/lib/filters"
import { sumMoney } from "@/lib/money"
import type { ExceptionAct } from "@/lib/vocabulary"
import { applyAct } from "@/policy/apply-act"

let ledger: Awaited<ReturnType<typeof openLedger>>
let project: number
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())
beforeEach(async () => {
  project = (await ledger.addProject(`p${n++}`)).project.id
})

let n = 0
const NOW = Date.UTC(2026, 10, 20, 12)
const at = (minutesAgo: number) => new Date(NOW - minutesAgo * 60_000).toISOString()
async function halt(
  run: string,
  options: { ago?: number; reason?: string; cost?: string | null; workflow?: string } = {},
) {
  const { ago = 10, reason = "schema mismatch", cost = "0.1", workflow = "invoices" } = options
  const key = { ...ledger.key, project: { ...ledger.key.project, id: project } }
  const events = [
    { type: "run.started", at: at(ago + 3), workflow },
    { type: "step.started", at: at(ago + 2), step: "parse", attempt: 1 },
    {
      type: "span",
      span: "s1",
      kind: "llm",
      name: "extract",
      step: "parse",
      start: at(ago + 1),
      provider: "p",
      model: "m",
      usage: { input: 1 },
      ...(cost === null ? {} : { cost }),
    },
    { type: "run.halted", at: at(ago), by: "agent", step: "parse", reason },
  ].map((event, i) => ({ ...event, id: `${run}:${i}`, run }))
  await ledger.send(events, { key, receivedAt: NOW })
}
const list = (filters: Partial<Filters> = {}) =>
  withProject(project, (tx) => listExceptions(tx, { ...DEFAULT_FILTERS, ...filters }, NOW))
const get = (id: string) => withProject(project, (tx) => getException(tx, id, NOW))
const runsOf = (id: string, similar = false, cursor: string | null = null, limit: number | null = null) =>
  withProject(project, (tx) => listExceptionRuns(tx, id, { similar, cursor, limit }, NOW))
const act = (id: string, what: ExceptionAct, input: ExceptionActInput, who = "user:ada@example.com") =>
  withProject(project, (tx) => applyAct(tx, id, what, input, who))
const only = async () => {
  const { items } = await list()
  const [first] = items
  if (!first || items.length > 1) throw new Error(`expected one exception, found ${items.length}`)
  return first
}

describe("the queue", () => {
  it("says where, why, what it cost and what ran last", async () => {
    await halt("r1")
    const found = await list()
    expect(found).toMatchObject({ count: { value: 1 }, states: { unack_active: { value: 1 } }, next_cursor: null })
    expect(found.items).toMatchObject([
      {
        workflow: "invoices",
        step: "parse",
        reason: "schema mismatch",
        state: "unack_active",
        version: 1,
        count: 1,
        active: 1,
        spend: { cost: "0.1", calls: 1, unpriced_calls: 0, runs: 1 },
        similar: { value: 1, is_capped: false },
        latest: { run_id: "r1", run: { by: "agent", last: { kind: "llm", name: "extract", span_id: "s1" } } },
        acts: ["acknowledge", "assign", "comment", "resolve"],
      },
    ])
    // The evidence is the step at which it stopped, not what ran inside of it.
    expect(found.items[0]?.latest?.run?.evidence_span_id).not.toBe("s1")
  })

  it("its headline sums the halted runs of the open ones, exactly, with what has no price beside it", async () => {
    await halt("r1", { ago: 41, cost: "0.1" })
    await halt("r2", { ago: 12, cost: "0.2" })
    await halt("r3", { ago: 5, reason: "timeout", cost: null })
    await halt("r4", { ago: 90, reason: "done with", cost: "9" })
    const done = (await list()).items.find(({ reason }) => reason === "done with")
    await act(done?.id ?? "", "resolve", { version: 1, cause: "bad_input" })
    expect((await list()).stake).toEqual({
      runs: { value: 3, is_capped: false },
      oldest_at: at(41),
      spend: { cost: "0.3", calls: 3, unpriced_calls: 1 },
    })
  })

  it("pages without a gap or a repeat, and an act moves nothing", async () => {
    for (let i = 0; i < 7; i++) await halt(`r${i}`, { ago: 10 + (i % 3), reason: `reason ${"x".repeat(i + 1)}` })
    const all = (await list()).items.map(({ id }) => id)
    await act(all[2] ?? "", "acknowledge", { version: 1 })
    const paged: string[] = []
    for (let cursor: string | null = null, i = 0; i < 9; i++) {
      const page: Awaited<ReturnType<typeof list>> = await list({ limit: 2, cursor })
      paged.push(...page.items.map(({ id }) => id))
      cursor = page.next_cursor
      if (cursor === null) break
    }
    expect(all).toHaveLength(7)
    expect(paged).toEqual(all)
  })

  it("narrows by state, workflow, assignee and fingerprint", async () => {
    await halt("r1")
    await halt("r2", { workflow: "orders" })
    const [orders] = (await list({ dimensions: { workflow: ["orders"] } })).items
    expect(orders).toMatchObject({ workflow: "orders" })
    await act(orders?.id ?? "", "acknowledge", { version: 1 })
    expect((await list({ state: ["ack_active"] })).items.map(({ id }) => id)).toEqual([orders?.id])
    expect((await list({ assignee: "nobody@example.com" })).items).toEqual([])
    await act(orders?.id ?? "", "resolve", { version: 2, cause: "bad_input" })
    expect((await list()).items).toHaveLength(1)
    expect((await list({ fingerprint: orders?.fingerprint ?? "" })).items).toHaveLength(1)
    await expect(list({ dimensions: { model: ["m"] } })).rejects.toMatchObject({
      code: "invalid_filter",
      field: "model",
    })
    await expect(list({ cursor: "bm9uZQ" })).rejects.toMatchObject({ code: "invalid_filter", field: "cursor" })
  })

  it("the runs of one add up to its spend and count, and those of its reason to `similar`", async () => {
    for (let i = 0; i < 5; i++) await halt(`r${i}`, { ago: 10 + i, cost: `0.${i + 1}` })
    const first = await only()
    await act(first.id, "resolve", { version: 1, cause: "bad_input" })
    await halt("late", { ago: 2, cost: "7" })
    await halt("old", { ago: 31 * 24 * 60, cost: "8" })
    const again = await only()
    expect(again).toMatchObject({ count: 2, previous_id: first.id, similar: { value: 6 } })
    const own = await runsOf(first.id)
    expect(own.count).toEqual({ value: 5, is_capped: false })
    expect(sumMoney(own.items.map(({ run }) => run?.cost ?? null))).toBe("1.5")
    expect((await get(first.id)).spend?.cost).toBe("1.5")
    const similar = await runsOf(again.id, true)
    expect(similar.items.map(({ run_id }) => run_id)).toEqual(["late", "r0", "r1", "r2", "r3", "r4"])
    expect(similar.count.value).toBe(6)
    const page = await runsOf(again.id, true, null, 4)
    const rest = await runsOf(again.id, true, page.next_cursor, 4)
    expect([...page.items, ...rest.items]).toEqual(similar.items)
  })

  it("another project's is not there", async () => {
    await halt("r1")
    const { id } = await only()
    project = (await ledger.addProject(`p${n++}`)).project.id
    await expect(get(id)).rejects.toMatchObject({ code: "not_found" })
    await expect(runsOf(id)).rejects.toMatchObject({ code: "not_found" })
    await expect(act(id, "acknowledge", { version: 1 })).rejects.toMatchObject({ code: "not_found" })
    await expect(get("1; drop table runs")).rejects.toMatchObject({ code: "not_found" })
  })
})

describe("acts", () => {
  it("change state and version, and each leaves a line that stays", async () => {
    await halt("r1")
    const { id } = await only()
    await act(id, "acknowledge", { version: 1 })
    await act(id, "comment", { version: 2, note: "looking" })
    await act(id, "resolve", { version: 3, cause: "tool_or_service", note: "restarted it" })
    await act(id, "reopen", { version: 4, note: "it is not" }, "user:bob@example.com")
    const found = await get(id)
    expect(found).toMatchObject({ state: "unack_active", version: 5, acked_by: null, cause: null, resolved_at: null })
    expect(found.log.map(({ n, actor, action, to_state, note }) => [n, actor, action, to_state, note])).toEqual([
      [5, "user:bob@example.com", "reopen", "unack_active", "it is not"],
      [4, "user:ada@example.com", "resolve", "resolved", "restarted it"],
      [3, "user:ada@example.com", "comment", "ack_active", "looking"],
      [2, "user:ada@example.com", "acknowledge", "ack_active", null],
    ])
    const change = (sql: string) => withOwner(ledger.database.owner, (owner) => owner.unsafe(sql))
    await expect(change("update exception_log set note = 'else'")).rejects.toMatchObject({ code: "42501" })
    await expect(change("delete from exception_log")).rejects.toMatchObject({ code: "42501" })
  })

  it("of two at once one counts, and the other learns who was first", async () => {
    await halt("r1")
    const { id } = await only()
    const both = await Promise.allSettled([
      act(id, "acknowledge", { version: 1 }, "user:ada@example.com"),
      act(id, "acknowledge", { version: 1 }, "user:bob@example.com"),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    const lost = both.find(({ status }) => status === "rejected") as PromiseRejectedResult
    expect(lost.reason).toMatchObject({ code: "conflict", message: expect.stringMatching(/(ada|bob)@example.com ack/) })
    const found = await get(id)
    expect(found).toMatchObject({ state: "ack_active", version: 2, log_count: 1 })
  })

  it("that the state does not know are refused, and change nothing", async () => {
    await halt("r1")
    const { id } = await only()
    await expect(act(id, "reopen", { version: 1, note: "x" })).rejects.toMatchObject({ code: "illegal_transition" })
    expect(await get(id)).toMatchObject({ version: 1, log: [] })
  })

  it("a reopened one gives way to the one that came after it", async () => {
    await halt("r1")
    const { id } = await only()
    await act(id, "resolve", { version: 1, cause: "bad_input" })
    await halt("r2")
    await expect(act(id, "reopen", { version: 2, note: "x" })).rejects.toMatchObject({ code: "conflict" })
  })

  it("are assigned to people who may act here, and to nobody else", async () => {
    await halt("r1")
    const { id } = await only()
    await withOwner(ledger.database.owner, async (sql) => {
      for (const [name, role] of [
        ["op", "operator"],
        ["viewer", "viewer"],
      ] as const) {
        await sql`insert into users (id, name, email) values (${name}, ${name}, ${`${name}@example.com`}) on conflict do nothing`
        await sql`insert into memberships (project_id, user_id, role) values (${project}, ${name}, ${role})`
      }
    })
    await act(id, "assign", { version: 1, assignee: "op@example.com" })
    expect(await get(id)).toMatchObject({ assignee: "op@example.com", state: "unack_active", version: 2 })
    for (const assignee of ["viewer@example.com", "nobody@example.com"])
      await expect(act(id, "assign", { version: 2, assignee })).rejects.toMatchObject({ field: "assignee" })
    await act(id, "assign", { version: 2, assignee: null })
    expect(await get(id)).toMatchObject({ assignee: null, version: 3 })
  })

  it("a new run of an acknowledged one raises its count, and keeps what people did", async () => {
    await halt("r1")
    const { id } = await only()
    await act(id, "acknowledge", { version: 1 })
    await halt("r2", { ago: 1 })
    expect(await get(id)).toMatchObject({ state: "ack_active", version: 2, count: 2, latest: { run_id: "r2" } })
    await act(id, "resolve", { version: 2, cause: "bad_input" })
  })
})
