import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import type { ProjectActor } from "@/access/actor"
import { judgedRun } from "@/bench/decision-fill"
import { openLedger } from "@/ingest/testing"
import { canonicalJson } from "@/lib/canonical"
import { backtest, beginBacktest, cancelBacktest, readBacktest } from "./_lib/backtest"

const at = (second: number) => new Date(Date.UTC(2026, 10, 18, 10, 0, second)).toISOString()
const RANGE = { from: at(0), to: at(1_000) }
let ledger: Awaited<ReturnType<typeof openLedger>>
const operator = (): ProjectActor => ({
  ...{ project: ledger.key.project, role: "operator" as const },
  actor: {
    ...{
      kind: "user",
      userId: "u",
      email: "o@example.com",
      name: "o",
      isAdmin: false,
      sessionId: "s",
      memberships: [],
    },
  },
})

/** Steps with how they went, a call in each: step three of the second run fails, and five goes on. */
function run(id: string, steps: [string, "succeeded" | "failed"][], from: number) {
  const events = steps.flatMap(([step, outcome], index) => {
    const begin = from + index * 10
    return [
      { type: "step.started", step, at: at(begin) },
      {
        type: "span",
        kind: "llm",
        span: `${id}:${step}`,
        step,
        start: at(begin + 1),
        end: at(begin + 2),
        model: "m",
        cost: "9",
      },
      {
        type: "span",
        kind: "tool",
        span: `${id}:${step}:t`,
        name: "look",
        step,
        start: at(begin + 3),
        end: at(begin + 4),
        input: canonicalJson({ q: 1 }),
      },
      { type: "step.finished", step, outcome, at: at(begin + 5) },
    ]
  })
  const start = { type: "run.started", workflow: "invoices", plan: ["s1", "s2", "s3", "s4"], at: at(from) }
  const end = { type: "run.finished", outcome: "succeeded", output: { refs: ["s3"] }, at: at(from + 90) }
  return [start, ...events, end].map((event, index) => ({ id: `${id}:${index}`, run: id, ...event }))
}

beforeAll(async () => {
  ledger = await openLedger()
  const well = run(
    "well",
    [
      ["s1", "succeeded"],
      ["s2", "succeeded"],
      ["s3", "succeeded"],
      ["s4", "succeeded"],
    ],
    0,
  )
  const story = run(
    "story",
    [
      ["s1", "succeeded"],
      ["s2", "failed"],
      ["s4", "succeeded"],
    ],
    200,
  )
  await ledger.send([...well, ...story])
})
afterAll(() => ledger.close())

async function tried(document: unknown, workflow = "invoices") {
  await beginBacktest(operator(), { workflow, document, ...RANGE })
  const settled = () => {
    const found = readBacktest(operator())
    expect(found.state).toBe("done")
    return found
  }
  return await vi.waitFor(settled, { timeout: 20_000 })
}

describe("a draft over the stored runs", () => {
  test("finds the story where it went on, with what it cost from there", async () => {
    const { result, done, total, hash } = await tried({})
    expect([done, total]).toEqual([2, 2])
    expect(hash).toMatch(/^sha256:/)
    expect(result).toMatchObject({
      runs: 2,
      halts: 1,
      failed_anyway: 1,
      false_stops: 0,
      not_spent: "9",
      quarantines: 0,
    })
    expect(result?.stops).toMatchObject([
      { run: "story", rule: "T10", step: "s4", at: at(220), cost: "27", not_spent: "9" },
    ])
    expect(result?.by_rule.map(({ rule }) => rule)).toEqual(["T08", "T10", "T17"])
  })

  test("for the project as a whole, and with limits that stop what was well", async () => {
    expect((await tried({ max_cost_run: "18" }, "")).result).toMatchObject({
      halts: 2,
      false_stops: 1,
      unchecked: 1,
      not_spent: "18",
    })
    expect((await tried({ loop: { same_call_k: 3 } })).result?.stops.map(({ run, rule }) => [run, rule])).toEqual(
      expect.arrayContaining([["well", "T06"]]),
    )
  })

  test("is refused for a draft that could not be saved, and cannot be cancelled when it is over", async () => {
    await expect(tried({ max_steps: 0 })).rejects.toThrow("max_steps: more than 0")
    await expect(
      beginBacktest(operator(), { workflow: "", document: {}, from: RANGE.to, to: RANGE.from }),
    ).rejects.toThrow("ends before")
    expect(() => cancelBacktest(operator())).toThrow("Nothing is under way.")
    const viewer = { ...operator(), role: "viewer" as const }
    await expect(beginBacktest(viewer, { workflow: "", document: {}, ...RANGE })).rejects.toThrow("does not allow")
  })
})

describe("a policy that was in force", () => {
  // Each of these meets a run of its own: cost, a loop, a step after a failure, a check that failed, success without its proof.
  const POLICY = { max_cost_run: "0.16", loop: {}, max_steps: 3, max_retries_per_step: 1 }
  const RUNS = [3, 5, 7, 9, 33]

  test("finds in the stored runs what it found while they went on, event by event, and stops them at the same step", async () => {
    const key = await ledger.addProject("live")
    const { id } = key.project
    await ledger.query(
      (tx) => tx`insert into policies (project_id, workflow, version, document, hash, author, reason)
        values (${id}, '', 1, ${JSON.stringify(POLICY)}::text::jsonb, '', 'test', 'test')`,
      id,
    )
    for (const index of RUNS)
      for (const event of judgedRun(`live-${index}`, index, Date.parse(at(0)) + index * 1_000))
        await ledger.send([event], { key })
    const live = await ledger.query(async (tx) => {
      const found = await tx<{ rule: string; runs: number }[]>`select rule, count(distinct run_id)::int as runs
        from run_findings where project_id = ${id} group by 1 order by 1`
      const stopped = await tx<{ run_id: string; rule: string; step: string | null }[]>`
        select distinct on (run_id) run_id, rule, finding->>'step' as step from decisions
        where project_id = ${id} and action = 'halt' order by run_id, id`
      return { found, stopped }
    }, id)
    const scope = { workflow: null, ...RANGE }
    const result = await backtest(
      id,
      scope,
      () => POLICY,
      () => {},
      new AbortController().signal,
    )
    expect(result.by_rule).toEqual(live.found)
    expect(live.found.map(({ rule }) => rule)).toEqual(expect.arrayContaining(["T01", "T06", "T10", "T11", "T12"]))
    const stops = result.stops.map(({ run, rule, step }) => ({ run_id: run, rule, step }))
    expect(stops.toSorted((a, b) => (a.run_id < b.run_id ? -1 : 1))).toEqual(live.stopped)
    expect(live.stopped.length).toBeGreaterThan(2)
  })
})
