import { describe, expect, test } from "vitest"
import type { RunSeed } from "@/db/testing-factories"
import { readAll, readerFor } from "@/db/testing-reader"
import { Health, Run, RunList } from "@/lib/contracts/read"
import { RunPage } from "@/lib/contracts/runs"
import type { AppError } from "@/lib/errors"
import { listHalts } from "./halts"
import { getHealth } from "./health"
import { getRun } from "./run"
import { listRuns } from "./runs"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const runs = async (project: number, query: string) => RunPage.parse(await db.ask(project, query, listRuns))
const ids = async (project: number, query: string) => (await runs(project, query)).items.map((run) => run.id)
const daysAgo = (days: number, ms = 0) => new Date(NOW - days * 86_400_000 + ms).toISOString()

describe("runs", () => {
  test("keyset pages hold every run once, in order, when hundreds share an instant", async () => {
    const project = await db.make.project({ zone: "Asia/Kathmandu" })
    const seeds: RunSeed[] = Array.from({ length: 500 }, (_, i) => ({
      id: `r${(i * 7919) % 500}`,
      at: daysAgo(i % 7 === 0 ? i % 40 : 3),
      status: i % 9 === 0 ? "failed" : "succeeded",
      workflow: `w${i % 3}`,
    }))
    await db.make.runs(project, seeds)
    await db.make.rollUp(project)
    const wanted = (keep: (seed: RunSeed) => boolean, sign: number) =>
      seeds
        .filter(keep)
        .sort((a, b) => sign * (a.at < b.at || (a.at === b.at && a.id < b.id) ? -1 : 1))
        .map((seed) => seed.id)
    const every = (query: string) =>
      readAll((cursor) => runs(project, `${query}&limit=37${cursor ? `&cursor=${cursor}` : ""}`))
    for (const [query, keep] of [
      ["last=90d", () => true],
      ["last=90d&workflow=w1", (s: RunSeed) => s.workflow === "w1"],
      ["last=90d&status=failed", (s: RunSeed) => s.status === "failed"],
    ] as const) {
      expect((await every(query)).map((run) => run.id)).toEqual(wanted(keep, -1))
      expect((await every(`${query}&sort=oldest`)).map((run) => run.id)).toEqual(wanted(keep, 1))
      expect((await runs(project, query)).count).toEqual({ value: seeds.filter(keep).length, is_capped: false })
    }
  })

  test("each filter narrows rows and count alike; none and a name are told apart", async () => {
    const project = await db.make.project()
    await db.make.runs(project, [
      { id: "a", at: daysAgo(1), status: "succeeded", proof: "verified", workflow: "w", team: "billing", release: "1" },
      { id: "b", at: daysAgo(2), status: "succeeded", proof: "unproven", workflow: "w", team: null, release: "2" },
      {
        id: "c",
        at: daysAgo(3),
        status: "halted",
        proof: "pending",
        workflow: null,
        environment: "production",
        customer: "acme",
      },
    ])
    await db.make.verifications(project, [{ id: "v", run: "b", at: daysAgo(2), check: "rows", outcome: "failed" }])
    await db.make.rollUp(project)
    const cases: [string, string[]][] = [
      ["", ["a", "b", "c"]],
      ["proof=unproven", ["b"]],
      ["proof=unproven&proof=verified", ["a", "b"]],
      ["status=halted", ["c"]],
      ["team=~", ["b", "c"]],
      ["team=~&team=billing", ["a", "b", "c"]],
      ["workflow=w", ["a", "b"]],
      ["workflow=~", ["c"]],
      ["environment=production&customer=acme", ["c"]],
      ["release=2", ["b"]],
      ["check=rows", ["b"]],
      // "b" begins its own id, and "billing" is a team.
      ["q=b", ["a", "b"]],
      ["workflow=nobody", []],
    ]
    for (const [query, expected] of cases) {
      const answer = await runs(project, query)
      expect(
        answer.items.map((run) => run.id),
        query,
      ).toEqual(expected)
      if (answer.count) expect(answer.count.value, query).toBe(expected.length)
    }
  })

  test("B37 the beginning of an id is taken literally: no wildcard, no SQL", async () => {
    const project = await db.make.project()
    const names = ["a%b", "a_b", "a\\b", "axb", "'; drop table runs;--", "a%bc"]
    await db.make.runs(
      project,
      names.map((id) => ({ id, at: daysAgo(1) })),
    )
    await db.make.rollUp(project)
    const find = async (q: string) => (await ids(project, new URLSearchParams({ q }).toString())).sort()
    expect(await find("a%")).toEqual(["a%b", "a%bc"])
    expect(await find("a_")).toEqual(["a_b"])
    expect(await find("a\\")).toEqual(["a\\b"])
    expect(await find("%")).toEqual([])
    expect(await find("'; drop table runs;--")).toEqual(["'; drop table runs;--"])
    expect((await runs(project, "")).count?.value).toBe(names.length)
  })

  test("a filter about a call finds the runs that made it", async () => {
    const project = await db.make.project()
    const seeds = Array.from({ length: 60 }, (_, i) => ({
      id: `r${String(i).padStart(2, "0")}`,
      at: daysAgo(2, i * 1000),
    }))
    await db.make.runs(project, seeds)
    await db.make.spans(
      project,
      seeds.map((run, i) => ({
        run: run.id,
        at: daysAgo(1, i * 1000),
        model: i % 10 === 0 ? "rare" : "usual",
        step: "fetch",
        cost: "1",
      })),
    )
    await db.make.rollUp(project)
    const found = await readAll((cursor) => runs(project, `model=rare&limit=4${cursor ? `&cursor=${cursor}` : ""}`))
    expect(found.map((run) => run.id)).toEqual(["r50", "r40", "r30", "r20", "r10", "r00"])
    expect(await ids(project, "model=rare&step=parse")).toEqual([])
    expect((await runs(project, "model=rare")).count).toEqual({ value: 6, is_capped: false })
  })

  test("a cursor that no list gave is refused", async () => {
    const project = await db.make.project()
    for (const cursor of [
      "x",
      "e30",
      btoa('["2026-02-30T00:00:00Z","a"]'),
      btoa('["now","a"]'),
      btoa('["2026-02-01T00:00:00Z"]'),
    ])
      await expect(runs(project, `cursor=${cursor}`)).rejects.toMatchObject({ code: "invalid_filter", field: "cursor" })
  })

  test("halts are the stopped runs only, with what stopped them, oldest first on demand", async () => {
    const project = await db.make.project()
    const halt = { step: "parse", reason: "schema mismatch", by: "agent", rule: null }
    const measured = { ...halt, rule: "T02", observed: "42", limit: "40", unit: "steps" }
    await db.make.runs(project, [
      { id: "old", at: daysAgo(5), status: "halted", halt },
      { id: "new", at: daysAgo(1), status: "halting", halt: measured },
      { id: "fine", at: daysAgo(1) },
    ])
    await db.make.rollUp(project)
    const answer = RunList.parse(await db.ask(project, "sort=oldest", listHalts))
    expect(answer.items.map((run) => [run.id, run.halt])).toEqual([
      ["old", { ...halt, observed: null, limit: null, unit: null }],
      ["new", measured],
    ])
    expect(answer.count?.value).toBe(2)
  })

  test("a run without a price has a null cost; one without calls costs zero", async () => {
    const project = await db.make.project()
    await db.make.runs(project, [
      { id: "unpriced", at: daysAgo(1) },
      { id: "silent", at: daysAgo(1) },
    ])
    await db.make.spans(project, [{ run: "unpriced", at: daysAgo(1), model: "x", cost: null }])
    await db.make.rollUp(project)
    const cost = Object.fromEntries((await runs(project, "")).items.map((run) => [run.id, run.cost]))
    expect(cost).toEqual({ unpriced: null, silent: "0" })
  })

  test("health counts the same runs by status and proof", async () => {
    const project = await db.make.project({ zone: "Europe/Berlin" })
    await db.make.runs(project, [
      { id: "a", at: "2026-11-18T22:59:59.999Z", status: "succeeded", proof: "verified" },
      { id: "b", at: "2026-11-18T23:00:00Z", status: "succeeded", proof: "unproven" },
      { id: "c", at: "2026-11-19T12:00:00Z", status: "succeeded", proof: "unproven" },
    ])
    await db.make.rollUp(project)
    const health = Health.parse(await db.ask(project, "last=7d&grain=day", getHealth))
    expect(health.totals).toEqual([
      { status: "succeeded", proof: "unproven", runs: 2 },
      { status: "succeeded", proof: "verified", runs: 1 },
    ])
    expect(health.series.map((line) => line.runs)).toEqual([
      [0, 0, 0, 0, 0, 2, 0],
      [0, 0, 0, 0, 1, 0, 0],
    ])
    await expect(db.ask(project, "model=x", getHealth)).rejects.toMatchObject({
      code: "invalid_filter",
      field: "model",
    })
  })
})

describe("a run", () => {
  test("shows its plan with the cost of each step, its verifications and whether they saw the final output", async () => {
    const project = await db.make.project()
    const at = daysAgo(1)
    await db.make.runs(project, [
      {
        id: "story",
        at,
        end: daysAgo(1, 60_000),
        status: "succeeded",
        proof: "unproven",
        plan: ["fetch", "parse", "load"],
        checks: ["rows"],
        tags: { team: "billing" },
        output: "sha256:final",
        reasons: [{ code: "step_missing", step: "parse", text: "Step “parse” never ran." }],
      },
    ])
    await db.make.spans(project, [
      {
        run: "story",
        at: daysAgo(1, 1),
        kind: "step",
        name: "fetch",
        step: "fetch",
        end: daysAgo(1, 9),
        outcome: "succeeded",
      },
      {
        run: "story",
        at: daysAgo(1, 20),
        kind: "step",
        name: "load",
        step: "load",
        end: daysAgo(1, 30),
        outcome: "succeeded",
      },
      { run: "story", at: daysAgo(1, 2), step: "fetch", model: "m", cost: "1.5" },
      { run: "story", at: daysAgo(1, 3), step: "fetch", model: "m", cost: "0.25" },
      { run: "story", at: daysAgo(1, 21), step: "load", model: "m", cost: null },
    ])
    await db.make.verifications(project, [
      {
        id: "v1",
        run: "story",
        at,
        check: "rows",
        outcome: "passed",
        artifact: "sha256:draft",
        score: "0.40",
        evidence: "secret",
      },
      { id: "v2", run: "story", at: daysAgo(1, 5), check: "rows", outcome: "failed", artifact: "sha256:final" },
    ])
    await db.make.rollUp(project)
    const run = Run.parse(await db.ask(project, "", (tx) => getRun(tx, "story")))
    expect(run.plan).toMatchObject([
      { step: "fetch", is_declared: true, state: "succeeded", attempts: 1, cost: "1.75" },
      { step: "parse", is_declared: true, state: "never_ran", attempts: 0, cost: "0" },
      { step: "load", is_declared: true, state: "succeeded", attempts: 1, cost: null },
    ])
    expect(run.verification_list.map((v) => [v.id, v.is_on_final_output, v.score, v.evidence])).toEqual([
      ["v2", true, null, null],
      ["v1", false, "0.4", "secret"],
    ])
    expect(run).toMatchObject({
      cost: "1.75",
      calls: 3,
      unpriced_calls: 1,
      tags: { team: "billing" },
      checks: ["rows"],
    })
    const withheld = await db.ask(project, "", (tx) => getRun(tx, "story", { withPayload: false }))
    expect(withheld.verification_list.map((v) => v.evidence)).toEqual([null, null])
  })

  test("B62 a foreign run and a missing one are the same answer", async () => {
    const [mine, other] = [await db.make.project(), await db.make.project()]
    await db.make.runs(other, [{ id: "theirs", at: daysAgo(1) }])
    const failure = (id: string) =>
      db
        .ask(mine, "", (tx) => getRun(tx, id))
        .then(
          () => null,
          (error: AppError) => ({ code: error.code, message: error.message }),
        )
    expect(await failure("theirs")).toEqual(await failure("absent"))
    expect((await failure("theirs"))?.code).toBe("not_found")
    expect(await ids(mine, "q=theirs")).toEqual([])
  })
})
