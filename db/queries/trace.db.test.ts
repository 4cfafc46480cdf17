import { beforeAll, describe, expect, test } from "vitest"
import { readAll, readerFor } from "@/db/testing-reader"
import { Run } from "@/lib/contracts/read"
import { Baseline, SpanEventList } from "@/lib/contracts/trace"
import { getRun } from "./run"
import { getBaseline } from "./run-baseline"
import { getSpan } from "./span"
import { listSpanEvents } from "./span-events"
import { getVerification } from "./verification"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const at = (minutes: number, ms = 0) => new Date(NOW - 86_400_000 + minutes * 60_000 + ms).toISOString()
const baselineOf = async (project: number, run: string) =>
  Baseline.parse(await db.ask(project, "", (tx) => getBaseline(tx, run)))

describe("what a run is held against", () => {
  let project: number
  beforeAll(async () => {
    project = await db.make.project()
    const foreign = await db.make.project()
    const run = (id: string, minute: number, more: object = {}) => ({
      id,
      at: at(minute),
      end: at(minute + 1),
      workflow: "w",
      proof: "verified",
      plan: ["a", "b"],
      ...more,
    })
    await db.make.runs(foreign, [run("foreign", 9)])
    await db.make.runs(project, [
      run("old", 1),
      run("good", 2),
      run("held", 3, { hold: "quarantined" }),
      run("free", 3, { hold: "released", id: "free" }),
      run("bad", 4, { proof: "failed", status: "failed" }),
      run("other", 5, { workflow: "v" }),
      run("this", 6, { proof: "unproven" }),
      run("later", 7),
      run("none", 8, { workflow: null }),
    ])
    await db.make.spans(project, [
      {
        run: "free",
        id: "s1",
        kind: "step",
        name: "a",
        step: "a",
        attempt: 1,
        at: at(3),
        end: at(3, 400),
        outcome: "failed",
      },
      {
        run: "free",
        id: "s2",
        kind: "step",
        name: "a",
        step: "a",
        attempt: 2,
        at: at(3, 500),
        end: at(3, 1100),
        outcome: "succeeded",
      },
      { run: "free", id: "s3", kind: "step", name: "b", step: "b", attempt: 1, at: at(3, 1200), end: null },
      { run: "free", id: "c1", step: "a", at: at(3, 100), cost: "0.1" },
      { run: "free", id: "c2", step: "a", at: at(3, 600), cost: "0.0000000002" },
    ])
    await db.make.rollUp(project)
  })

  test("is the last earlier run of the workflow that is verified and not held, with its steps, times and exact costs", async () => {
    const found = await baselineOf(project, "this")
    expect(found.run?.id).toBe("free")
    expect(
      found.plan.map(({ step, attempts, took_ms, cost, span }) => ({ step, attempts, took_ms, cost, span })),
    ).toEqual([
      { step: "a", attempts: 2, took_ms: 1000, cost: "0.1000000002", span: "s2" },
      { step: "b", attempts: 1, took_ms: null, cost: "0", span: "s3" },
    ])
  })
  test("never looks forward, at another workflow or at another project", async () => {
    expect((await baselineOf(project, "good")).run?.id).toBe("old")
    expect(await baselineOf(project, "old")).toEqual({ run: null, plan: [], looked_at: 0, is_whole: true })
    expect((await baselineOf(project, "none")).run).toBeNull()
    expect((await baselineOf(project, "other")).run).toBeNull()
    await expect(baselineOf(project, "foreign")).rejects.toMatchObject({ code: "not_found" })
  })
  test("gives up after a thousand earlier runs, and says so", async () => {
    await db.make.runs(
      project,
      Array.from({ length: 1003 }, (_, i) => ({
        id: `n${i}`,
        at: at(60, i),
        workflow: "never",
        proof: i === 0 ? "verified" : "unproven",
      })),
    )
    expect(await baselineOf(project, "n1002")).toEqual({ run: null, plan: [], looked_at: 1000, is_whole: false })
    expect(await baselineOf(project, "n1000")).toMatchObject({ run: { id: "n0" }, looked_at: 1000, is_whole: true })
  })
  test("the run itself names the span of each step's last attempt", async () => {
    const run = Run.parse(await db.ask(project, "", (tx) => getRun(tx, "free")))
    expect(run.plan.map((step) => step.span)).toEqual(["s2", "s3"])
    await expect(db.ask(project, "", (tx) => getSpan(tx, "free", "s9"))).rejects.toThrow("There is no such span.")
    await expect(db.ask(project, "", (tx) => getSpan(tx, "nope", "s2"))).rejects.toThrow("There is no such run.")
  })
  test("what its policies require is required of it: its workflow's before the project's, as they were when it began", async () => {
    const own = await db.make.project()
    const begun = { at: at(1), workflow: "w", checks: ["rows"] }
    await db.make.runs(own, [
      { ...begun, id: "before" },
      { ...begun, id: "first" },
      { ...begun, id: "second" },
      { ...begun, id: "other", workflow: "v", checks: null },
    ])
    const ids: string[] = []
    for (const [workflow, names] of [
      ["", ["all"]],
      ["w", ["sums", "rows"]],
    ] as const) {
      const document = JSON.stringify({ required_verifications: names.map((name) => ({ name })) })
      const [row] = await db.make.sql<{ id: string }[]>`
        insert into policies (project_id, workflow, version, document, hash, author, reason)
        values (${own}, ${workflow}, 1, ${document}::text::jsonb, 'h', 'user:a', 'for the test') returning id::text`
      ids.push(row?.id ?? "")
    }
    const [byProject, byBoth] = ids as [string, string]
    for (const [run, pin] of [
      ["first", byProject],
      ["second", byBoth],
      ["other", byBoth],
    ] as const)
      await db.make.sql`insert into run_policies (project_id, run_id, pin) values (${own}, ${run}, ${pin})`
    const checksOf = async (run: string) => (await db.ask(own, "", (tx) => getRun(tx, run))).checks
    expect(await checksOf("before")).toEqual(["rows"])
    expect(await checksOf("first")).toEqual(["rows", "all"])
    expect(await checksOf("second")).toEqual(["rows", "sums"])
    expect(await checksOf("other")).toEqual(["all"])
    const result = { run: "other", outcome: "passed", at: at(2) }
    await db.make.verifications(own, [
      { ...result, id: "v-all", check: "all" },
      { ...result, id: "v-al", check: "al" },
    ])
    const isRequired = async (id: string) => (await db.ask(own, "", (tx) => getVerification(tx, id))).is_required
    expect([await isRequired("v-all"), await isRequired("v-al")]).toEqual([true, false])
  })
  test("of a run that was halted nothing runs on, though it never said that it ended", async () => {
    await db.make.runs(project, [
      { id: "told", at: at(200), workflow: "stopped", status: "halted", proof: "pending", plan: ["a", "b"] },
    ])
    await db.make.spans(project, [
      { run: "told", id: "t1", kind: "step", name: "a", step: "a", at: at(200), end: null },
    ])
    await db.make.rollUp(project)
    const run = Run.parse(await db.ask(project, "", (tx) => getRun(tx, "told")))
    expect(run.plan.map((step) => step.state)).toEqual(["unfinished", "never_ran"])
  })
})

describe("events of a span", () => {
  const run = "r"
  let project: number
  beforeAll(async () => {
    project = await db.make.project()
    await db.make.runs(project, [{ id: run, at: at(0), end: at(1) }])
    await db.make.spans(project, [
      { run, id: "s", at: at(0) },
      { run, id: "t", at: at(0) },
    ])
    await db.make.rollUp(project)
    await db.make.days("events", [at(0)])
    await db.make.insert(
      "events",
      Array.from({ length: 130 }, (_, i) => ({
        n: 1000 - i,
        project_id: project,
        received_at: at(0, i),
        id: `e${i}`,
        type: "span",
        run_id: run,
        span_id: i === 7 ? "t" : "s",
        key_id: 0,
        body: { input: i },
        entry: {},
      })),
    )
  })
  const list = async (options: Parameters<typeof listSpanEvents>[3]) =>
    SpanEventList.parse(await db.ask(project, "", (tx) => listSpanEvents(tx, run, "s", options)))

  test("come page by page, each once, in the order in which they were taken", async () => {
    const all = await readAll((cursor) => list({ cursor, limit: 31 }))
    expect(all.map((event) => event.id)).toEqual(
      Array.from({ length: 130 }, (_, i) => `e${129 - i}`).filter((id) => id !== "e7"),
    )
    expect((await list({ limit: 5000 })).items).toHaveLength(100)
  })
  test("the first of them stand with the span; without payload their bodies do not leave", async () => {
    const whole = await db.ask(project, "", (tx) => getSpan(tx, run, "s"))
    expect(whole.events.map((event) => event.id)).toEqual((await list({ limit: 20 })).items.map((event) => event.id))
    expect(whole.events[0]?.body).toEqual({ input: 129 })
    expect((await list({ withPayload: false, limit: 3 })).items.map((event) => event.body)).toEqual([null, null, null])
  })
  test("a cursor of another list is refused", async () => {
    await expect(list({ cursor: "bm9uc2Vuc2U" })).rejects.toMatchObject({ code: "invalid_filter" })
  })
})
