import { expect, test } from "vitest"
import { readerFor } from "@/db/testing-reader"
import { Comparison } from "@/lib/contracts/compare"
import { sumMoney } from "@/lib/money"
import { compareRuns } from "./compare-runs"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const ago = (days: number, ms = 0) => new Date(NOW - days * 86_400_000 + ms).toISOString()
const compare = async (project: number, a: string, b: string) =>
  Comparison.parse(await db.ask(project, "", (tx) => compareRuns(tx, a, b)))

test("each side sums by step and by model to the run's own cost; steps keep the order of the plan", async () => {
  const project = await db.make.project()
  await db.make.runs(project, [
    {
      id: "a",
      at: ago(1),
      end: ago(1, 60_000),
      plan: ["fetch", "parse", "load"],
      checks: ["rows"],
      tags: { team: "x" },
    },
    { id: "b", at: ago(2), end: ago(2, 90_000), plan: ["fetch", "parse"] },
  ])
  const step = (run: string, day: number, name: string, from: number, to: number, outcome = "succeeded") => ({
    run,
    at: ago(day, from),
    end: ago(day, to),
    kind: "step",
    name,
    step: name,
    outcome,
  })
  await db.make.spans(project, [
    step("a", 1, "fetch", 0, 1500),
    step("a", 1, "parse", 2000, 2100, "failed"),
    step("a", 1, "parse", 3000, 3200),
    { run: "a", at: ago(1, 10), step: "fetch", model: "m", provider: "p", cost: "0.1", usage: { input: 5, output: 2 } },
    { run: "a", at: ago(1, 20), step: "fetch", model: "m", provider: "p", cost: "0.2" },
    { run: "a", at: ago(1, 2010), step: "parse", model: "n", cost: null, usage: { input: 7 } },
    { run: "a", at: ago(1, 5000), model: "m", provider: "p", cost: "0.000000000000000000000001", status: "error" },
    { run: "b", at: ago(2, 10), model: "m", provider: "p", cost: "1" },
  ])
  await db.make.verifications(project, [
    { id: "v1", run: "a", at: ago(1, 1), check: "rows", outcome: "failed", score: "0.4" },
    { id: "v2", run: "a", at: ago(1, 2), check: "rows", outcome: "passed", score: "0.9" },
    { id: "v3", run: "b", at: ago(2, 2), check: "extra", outcome: "error", evidence: "secret" },
  ])
  await db.make.rollUp(project)

  const { a, b } = await compare(project, "a", "b")
  expect(
    a?.steps.map((s) => [s.step, s.state, s.attempts, s.milliseconds, s.cost, s.calls, s.tokens.input, s.errors]),
  ).toEqual([
    ["fetch", "succeeded", 1, 1500, "0.3", 2, 5, 0],
    ["parse", "succeeded", 2, 300, null, 1, 7, 0],
    ["load", "never_ran", 0, null, "0", 0, 0, 0],
    [null, null, 0, null, "0.000000000000000000000001", 1, 0, 1],
  ])
  expect(a?.models.map((m) => [m.provider, m.model, m.cost, m.calls, m.unpriced_calls])).toEqual([
    ["p", "m", "0.300000000000000000000001", 3, 0],
    [null, "n", null, 1, 1],
  ])
  for (const side of [a, b]) {
    expect(sumMoney(side?.steps.map(({ cost }) => cost) ?? [])).toBe(side?.run.cost)
    expect(sumMoney(side?.models.map(({ cost }) => cost) ?? [])).toBe(side?.run.cost)
  }
  expect(a?.checks).toEqual([{ check: "rows", is_required: true, outcome: "passed", score: "0.9", results: 2 }])
  expect(b?.checks).toEqual([{ check: "extra", is_required: false, outcome: "error", score: null, results: 1 }])
  expect(JSON.stringify(b)).not.toContain("secret")
})

test("a run that is not there, and another project's, is null on its side and no other", async () => {
  const [mine, theirs] = [await db.make.project(), await db.make.project()]
  await db.make.runs(mine, [{ id: "here", at: ago(1) }])
  await db.make.runs(theirs, [{ id: "theirs", at: ago(1) }])
  expect((await compare(mine, "here", "theirs")).b).toBeNull()
  expect((await compare(mine, "theirs", "here")).a).toBeNull()
  expect(await compare(mine, "%", "'; drop table runs;--")).toEqual({ a: null, b: null })
  // A run without a span is laid out too.
  expect((await compare(mine, "here", "here")).a?.steps).toEqual([])
})
