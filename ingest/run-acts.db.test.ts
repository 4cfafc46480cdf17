import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type ProjectTx, withProject } from "@/db/client"
import { shareLedger } from "@/db/ledger-lock"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { answerDirective, leaseDirectives } from "@/db/queries/directives"
import { getLineGate, getRunGate } from "@/db/queries/gates"
import { getLine } from "@/db/queries/lines"
import { getRunControl } from "@/db/queries/run-control"
import { RESUME_CHECKS, type RunAct } from "@/lib/run-states"
import { applyLineAct } from "@/policy/apply-line-act"
import { applyRunAct } from "@/policy/apply-run-act"
import { rebuild } from "./rebuild"
import { settleRunAct } from "./settle-run-act"
import { openLedger } from "./testing"

let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger()
})
afterAll(() => ledger.close())

let n = 0
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString()
const event = (run: string, type: string, minute: number, more: object = {}) => ({
  id: `e${n++}`,
  type,
  run,
  at: at(minute),
  ...more,
})
const started = (run: string, more: object = {}) => event(run, "run.started", 0, { workflow: "letters", ...more })
const HASH = `sha256:${"a".repeat(64)}`
const finished = (run: string) => event(run, "run.finished", 9, { outcome: "succeeded", output: { sha256: HASH } })
const passed = (run: string) =>
  event(run, "verification", 10, {
    check: "rows",
    outcome: "passed",
    artifact: HASH,
    verifier: { name: "rows.sh", hash: HASH },
  })
const call = (run: string, minute: number, cost: string) => ({
  id: `e${n++}`,
  type: "span",
  run,
  span: `s${n}`,
  kind: "llm",
  model: "m",
  cost,
  start: at(minute),
  end: at(minute),
})

const inProject = <T>(work: (tx: ProjectTx) => Promise<T>) => withProject(ledger.key.project.id, work)
const act = (run: string, act: RunAct, version: number, reason = "because") =>
  inProject(async (tx) => {
    await shareLedger(tx)
    const acted = await applyRunAct(tx, run, { act, reason, version }, "user:op@example.org")
    await settleRunAct(tx, acted)
    return acted
  })
const control = (run: string) => inProject((tx) => getRunControl(tx, run))
const gate = (run: string) => inProject((tx) => getRunGate(tx, run))
const isSound = async () =>
  expect(await withOwner(ledger.database.owner, async (sql) => (await audit(sql)).differences)).toEqual([])

describe("a person halts a run", () => {
  it("its runner is told, it stands in the queue, and every total still holds", async () => {
    await ledger.send([started("h1"), call("h1", 1, "2")])
    expect(await act("h1", "halt", 0, "wrong customer")).toMatchObject({ from: "running", to: "halting", version: 1 })
    expect(await control("h1")).toMatchObject({
      state: "halting",
      version: 1,
      acts: [],
      usable: false,
      cost_after_halt: { cost: "0", calls: 0 },
      log: [
        { n: 1, actor: "user:op@example.org", from_state: "running", to_state: "halting", reason: "wrong customer" },
      ],
      directive: { action: "halt", state: "issued", reason: "wrong customer" },
      exceptions: [{ kind: "halt", state: "unack_active" }],
    })
    await isSound()
  })

  it("what comes after is kept with it: the run stays halting until it confirms, and success in spite of it must not be used", async () => {
    const { directives } = await ledger.send([call("h1", 2, "3")])
    expect(directives).toMatchObject([{ run: "h1", action: "halt" }])
    expect(await control("h1")).toMatchObject({ state: "halting" })
    await ledger.send([finished("h1")])
    expect(await control("h1")).toMatchObject({ status: "succeeded", hold: "quarantined", state: "quarantined" })
    await isSound()
  })

  it("of two at once one wins, and the other hears who", async () => {
    await ledger.send([started("h2")])
    const both = await Promise.allSettled([act("h2", "halt", 0), act("h2", "halt", 0)])
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    const lost = both.find((one) => one.status === "rejected")
    expect(lost?.reason).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("op@example.org halted it"),
    })
    await expect(act("h2", "release", 1)).rejects.toMatchObject({ code: "illegal_transition" })
  })
})

describe("quarantine", () => {
  it("shuts the gate of a proven run; a release opens it and clears its exception; nothing follows a release", async () => {
    await ledger.send([started("q1", { checks: ["rows"], plan: [] }), finished("q1"), passed("q1")])
    expect(await gate("q1")).toMatchObject({ state: "done", usable: true, reason: null, exception: null })
    await act("q1", "quarantine", 0, "wrong totals")
    const shut = await gate("q1")
    expect(shut).toMatchObject({ state: "quarantined", usable: false, reason: expect.stringContaining("wrong totals") })
    expect(shut.exception).toMatch(/^\d+$/)
    await act("q1", "release", 1, "checked by hand")
    expect(await gate("q1")).toMatchObject({ state: "released", usable: true })
    expect((await control("q1")).exceptions).toEqual([])
    await expect(act("q1", "quarantine", 2)).rejects.toMatchObject({ code: "illegal_transition" })
    await ledger.send([call("q1", 8, "1")])
    expect(await control("q1")).toMatchObject({ state: "released", hold: "released" })
    await isSound()
  })

  it("a rejected run stays shut", async () => {
    await ledger.send([started("q2"), finished("q2")])
    expect(await gate("q2")).toMatchObject({ state: "finished_claimed", usable: false })
    await act("q2", "quarantine", 0)
    await act("q2", "reject", 1, "not ours")
    expect(await gate("q2")).toMatchObject({ usable: false, reason: "its output was rejected: not ours" })
  })

  it("a run that is not there has no gate", async () => {
    await expect(gate("nobody")).rejects.toMatchObject({ code: "not_found" })
  })
})

describe("a directive", () => {
  const lease = (runner: string, runs = ["d1"]) =>
    inProject((tx) => leaseDirectives(tx, { runs, workflows: [], runner }))
  const answer = (id: string, what: "ack" | "complete", lease_token: string) =>
    inProject((tx) => answerDirective(tx, id, what, { lease_token }))
  const age = () =>
    withOwner(ledger.database.owner, (sql) => sql`update directives set lease_until = now() where run_id = 'd1'`)

  it("is leased to one runner at a time, and again when it was not completed", async () => {
    await ledger.send([started("d1")])
    await act("d1", "halt", 0, "stop")
    const [mine] = await lease("one")
    expect(mine).toMatchObject({ run: "d1", action: "halt", reason: "stop", workflow: "letters" })
    expect(await lease("two")).toEqual([])
    const token = mine?.lease_token ?? ""
    const id = mine?.id ?? ""
    await expect(answer(id, "ack", crypto.randomUUID())).rejects.toMatchObject({ code: "conflict" })
    expect(await answer(id, "ack", token)).toMatchObject({ state: "acked" })
    await age()
    await expect(answer(id, "complete", token)).rejects.toMatchObject({ code: "conflict" })
    const [again] = await lease("two")
    expect(again).toMatchObject({ id })
    expect(again?.lease_token).not.toBe(token)
    expect(await answer(id, "complete", again?.lease_token ?? "")).toMatchObject({ state: "completed" })
    await expect(answer(id, "complete", again?.lease_token ?? "")).rejects.toMatchObject({ code: "illegal_transition" })
    await age()
    expect(await lease("three")).toEqual([])
  })

  it("goes to two that ask at once only once", async () => {
    await ledger.send([started("d2")])
    await act("d2", "halt", 0)
    const given = await Promise.all([1, 2, 3, 4].map((one) => lease(`r${one}`, ["d2"])))
    expect(given.flat()).toHaveLength(1)
  })
})

describe("a line", () => {
  const actOn = (what: "pause" | "resume" | "tighten", version: number, checked?: typeof RESUME_CHECKS) =>
    inProject((tx) =>
      applyLineAct(tx, "letters", { act: what, reason: "three halts", version, checked }, "user:op@example.org"),
    )
  const lineGate = () => inProject((tx) => getLineGate(tx, "letters"))

  it("is live until somebody pauses it, and starts again only with the checklist", async () => {
    expect(await lineGate()).toMatchObject({ state: "live", open: true, since: null })
    expect(await actOn("pause", 0)).toMatchObject({ from: "live", to: "paused", version: 1 })
    expect(await lineGate()).toMatchObject({ state: "paused", open: false, code: "line_paused", reason: "three halts" })
    await expect(actOn("pause", 1)).rejects.toMatchObject({ code: "illegal_transition" })
    await expect(actOn("resume", 0)).rejects.toMatchObject({ code: "conflict" })
    await expect(actOn("resume", 1)).rejects.toMatchObject({ code: "invalid_input", field: "checked" })
    await actOn("resume", 1, RESUME_CHECKS)
    expect(await inProject((tx) => getLine(tx, "letters"))).toMatchObject({
      state: "live",
      version: 2,
      acts: ["pause", "tighten"],
      log: [{ act: "resume" }, { act: "pause" }],
    })
  })

  it("of two at once one wins", async () => {
    const both = await Promise.allSettled([actOn("pause", 2), actOn("tighten", 2)])
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  })
})

describe("a rebuild", () => {
  it("finds every run as people left it", async () => {
    const states = () =>
      withOwner(ledger.database.owner, async (sql) => [
        ...(await sql`select id, status, proof, hold from runs order by id`),
      ])
    const before = await states()
    expect(new Set(before.map(({ hold }) => hold))).toEqual(new Set([null, "quarantined", "released", "rejected"]))
    await rebuild(ledger.key.project.id, { order: "reverse" })
    expect(await states()).toEqual(before)
    await isSound()
  })
})

describe("dollars not spent", () => {
  it("is the median of the workflow's done runs less the run's own cost; unknown below five", async () => {
    const costs = ["10", "30", "20", "50"]
    const done = (run: string, cost: string) => [
      started(run, { workflow: "median", checks: ["rows"], plan: [] }),
      ...[call(run, 1, cost), finished(run), passed(run)],
    ]
    for (const [i, cost] of costs.entries()) await ledger.send(done(`m${i}`, cost))
    const late = (run: string, cost: string) => [
      event(run, "run.started", 20, { workflow: "median" }),
      ...[call(run, 21, cost), event(run, "run.halted", 22, { by: "agent" })],
    ]
    await ledger.send(late("stopped", "7.5"))
    expect((await control("stopped")).not_spent).toBeNull()
    await ledger.send(done("m4", "40.5"))
    expect((await control("stopped")).not_spent).toEqual({ amount: "22.5", median: "30", runs: 5 })
    await ledger.send(late("dear", "31"))
    expect((await control("dear")).not_spent).toEqual({ amount: "0", median: "30", runs: 5 })
  })
})
