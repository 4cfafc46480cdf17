import { describe, expect, test } from "vitest"
import { withProject } from "@/db/client"
import { readerFor } from "@/db/testing-reader"
import { CostlyRuns } from "@/lib/contracts/spend"
import { parseFilters } from "@/lib/filters"
import { listCostlyRuns } from "./spend-runs"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const ask = async (project: number, query: string) =>
  CostlyRuns.parse(
    await withProject(project, (tx) => listCostlyRuns(tx, parseFilters(new URLSearchParams(query)), NOW)),
  )

async function seeded(): Promise<number> {
  const project = await db.make.project({ zone: "Asia/Kathmandu" })
  const runs = Array.from({ length: 30 }, (_, i) => ({
    id: `r${i}`,
    at: new Date(NOW - i * 7_200_000).toISOString(),
    workflow: i % 3 === 0 ? null : `w${i % 3}`,
  }))
  await db.make.runs(project, runs)
  await db.make.spans(
    project,
    runs.flatMap(({ id, at, workflow }, i) => [
      { at, run: id, workflow, model: "a", cost: String(i) },
      { at, run: id, workflow, model: "b", cost: String((30 - i) * 2) },
    ]),
  )
  await db.make.rollUp(project)
  await db.make.sql.unsafe(`update runs r set (cost, calls, first_span_at, last_span_at) =
    (select sum(s.cost), count(*), min(s.started_at), max(s.started_at) from spans s where s.project_id = r.project_id and s.run_id = r.id)
    where project_id = ${project}`)
  return project
}

describe("the costliest runs", () => {
  test("are those that cost most, of all that started in the range", async () => {
    const project = await seeded()
    const answer = await ask(project, "last=7d")
    // Run i costs i + 2 (30 - i) = 60 - i.
    expect(answer.items.map((run) => [run.id, run.cost])).toEqual(
      Array.from({ length: 10 }, (_, i) => [`r${i}`, String(60 - i)]),
    )
    expect(answer).toMatchObject({ seen: 30, runs: 30, is_complete: true, of: "runs" })
    const narrow = await ask(project, "last=7d&workflow=~")
    expect(narrow.items.map((run) => run.id)).toEqual(Array.from({ length: 10 }, (_, i) => `r${i * 3}`))
    expect(narrow.runs).toBe(10)
  })

  test("by calls of one model are summed over those calls alone", async () => {
    const project = await seeded()
    const answer = await ask(project, "last=7d&model=a")
    expect(answer.items.slice(0, 3).map((run) => [run.id, run.cost, run.calls])).toEqual([
      ["r29", "29", 1],
      ["r28", "28", 1],
      ["r27", "27", 1],
    ])
    expect(answer.of).toBe("calls")
    expect((await ask(project, "last=7d&model=absent")).items).toEqual([])
  })

  test("of more runs than are read come from where most was spent, and the answer says how far it looked", async () => {
    const project = await db.make.project()
    const set = (workflow: string) => db.make.set(project, { workflow, model: "m" })
    const [cheap, dear] = [await set("cheap"), await set("dear")]
    const own = (workflow: string) => db.make.set(project, { workflow })
    const [cheapRuns, dearRuns] = [await own("cheap"), await own("dear")]
    await db.make.sql.unsafe(`
      insert into runs (project_id, id, started_at, last_event_at, workflow, status, proof, proof_reasons, is_partial, notes, facts, dimension_set_id,
        first_received_at, last_received_at, calls, cost)
      select ${project}, w || i, at, at, w, 'succeeded', 'verified', '[]', false, '[]', '{}', case w when 'dear' then ${dearRuns} else ${cheapRuns} end, at, at, 1,
        case w when 'dear' then i else 0.01 end
      from (values ('dear', 12), ('cheap', 21000)) v(w, n), generate_series(1, n) i, lateral (select timestamptz '2026-11-19T10:00:00Z' as at) t`)
    const at = "2026-11-19T10:00:00Z"
    await db.make.sql.unsafe(`
      insert into spend_rollup (project_id, grain, bucket, dimension_set_id, calls, errors, unpriced_calls, cost, reported_cost, computed_cost)
      select ${project}, g, b, s, c, 0, 0, m, m, 0 from (values (15, timestamptz '${at}'), (1440, timestamptz '2026-11-19T00:00:00Z')) v(g, b),
        (values (${dear}, 12, 78), (${cheap}, 21000, 210)) w(s, c, m)`)
    await db.make.sql.unsafe(`
      insert into health_rollup (project_id, grain, bucket, dimension_set_id, status, proof, runs)
      select ${project}, g, b, s, 'succeeded', 'verified', n from (values (15, timestamptz '${at}'), (1440, timestamptz '2026-11-19T00:00:00Z')) v(g, b),
        (values (${dearRuns}, 12), (${cheapRuns}, 21000)) w(s, n)`)
    const first = await ask(project, "last=7d")
    expect(first).toMatchObject({ seen: 10000, runs: 21012, is_complete: false })
    const only = await ask(project, "last=7d&workflow=dear")
    expect(only.items.map((run) => run.cost)).toEqual(["12", "11", "10", "9", "8", "7", "6", "5", "4", "3"])
    expect(only.is_complete).toBe(true)
  })

  test("early in a day are of that day alone: none is listed twice", async () => {
    const project = await db.make.project({ zone: "Asia/Kathmandu" })
    const [cheap, dear] = [
      await db.make.set(project, { workflow: "cheap" }),
      await db.make.set(project, { workflow: "dear" }),
    ]
    // Six of the second local day, 15 minutes after it began, and one of the first.
    await db.make.sql.unsafe(`
      insert into runs (project_id, id, started_at, last_event_at, workflow, status, proof, proof_reasons, is_partial, notes, facts, dimension_set_id,
        first_received_at, last_received_at, calls, cost)
      select ${project}, w || c || i, at, at, w, 'succeeded', 'verified', '[]', false, '[]', '{}', case w when 'dear' then ${dear} else ${cheap} end, at, at, 1, c
      from (values ('dear', 6, 5, timestamptz '2026-11-18T18:30:00Z'), ('dear', 1, 9, '2026-11-18T09:00:00Z'), ('cheap', 10000, 0.01, '2026-11-17T09:00:00Z')) v(w, n, c, at),
        generate_series(1, n) i`)
    await db.make.rollUp(project)
    await db.make.sql.unsafe(`
      insert into spend_rollup (project_id, grain, bucket, dimension_set_id, calls, errors, unpriced_calls, cost, reported_cost, computed_cost)
      select ${project}, 1440, b, ${dear}, 1, 0, 0, 9, 9, 0 from (values (timestamptz '2026-11-17T18:15:00Z'), ('2026-11-18T18:15:00Z')) v(b)`)
    const answer = await ask(project, "last=7d")
    expect(answer).toMatchObject({ seen: 7, runs: 10007, is_complete: false })
    expect(answer.items.map((run) => run.cost)).toEqual(["9", "5", "5", "5", "5", "5", "5"])
    expect(new Set(answer.items.map((run) => run.id)).size).toBe(7)
  })
})
