import { describe, expect, test } from "vitest"
import { readerFor } from "@/db/testing-reader"
import { RunPage } from "@/lib/contracts/runs"
import { listRuns } from "./runs"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const ago = (days: number, ms = 0) => new Date(NOW - days * 86_400_000 + ms).toISOString()

async function search(project: number, q: string, more: Record<string, string> = {}) {
  const query = new URLSearchParams({ q, last: "30d", ...more }).toString()
  return RunPage.parse(await db.ask(project, query, listRuns))
}
/** `id:kind` of each match. */
const found = async (project: number, q: string, more?: Record<string, string>) => {
  const page = await search(project, q, more)
  expect(page.count?.value).toBe(page.items.length)
  return (page.search?.matches ?? []).map(({ run, kind }) => `${run}:${kind}`).sort()
}

async function seeded(): Promise<number> {
  const project = await db.make.project()
  await db.make.runs(project, [
    {
      id: "alpha-1",
      at: ago(1),
      workflow: "Invoice-Extraction",
      team: "billing",
      release: "3.2.0",
      tags: { ticket: "OPS-77" },
    },
    { id: "alpha-2", at: ago(2), workflow: "triage", customer: "Ünïcode GmbH", environment: "production" },
    {
      id: "beta",
      at: ago(3),
      status: "halted",
      halt: { step: "parse", reason: "Schema mismatch", by: "agent", rule: null },
    },
    { id: "old", at: ago(45), workflow: "Invoice-Extraction" },
  ])
  await db.make.spans(project, [
    { run: "alpha-1", at: ago(1, 10), provider: "anthropic", model: "claude-sonnet-4-5", cost: "1" },
    { run: "alpha-2", at: ago(2, 10), provider: "openai", model: "gpt-5-mini", cost: "1" },
    { run: "alpha-2", at: ago(2, 20), kind: "tool", id: "t1", status: "error" },
    { run: "alpha-2", at: ago(2, 30), kind: "tool", id: "t2", status: "error" },
    { run: "", at: ago(2, 30), id: "c1", provider: "openai", model: "gpt-5-mini", cost: "1", status: "error" },
  ])
  await db.make
    .sql`update spans set error = case span_id when 't1' then 'Connection timed out' else 'Timed OUT again after 30 s' end
    where project_id = ${project} and status = 'error'`
  await db.make.rollUp(project)
  return project
}

describe("searching runs", () => {
  test("finds by id, names, tags, models, errors and halts, and says by what", async () => {
    const project = await seeded()
    const cases: [string, string[]][] = [
      ["alpha", ["alpha-1:id", "alpha-2:id"]],
      ["lpha", []],
      ["invoice", ["alpha-1:workflow"]],
      ["EXTRACT", ["alpha-1:workflow"]],
      ["bill", ["alpha-1:team"]],
      ["3.2", ["alpha-1:release"]],
      ["üNÏ", ["alpha-2:customer"]],
      ["prod", ["alpha-2:environment"]],
      ["ops-77", ["alpha-1:tag"]],
      ["ticket=OPS", ["alpha-1:tag"]],
      ["sonnet", ["alpha-1:model"]],
      ["openai", ["alpha-2:provider"]],
      ["timed out", ["alpha-2:error"]],
      ["schema", ["beta:halt"]],
      ["parse", ["beta:halt"]],
      ["nothing of this", []],
    ]
    for (const [q, expected] of cases) expect([q, await found(project, q)]).toEqual([q, expected])
    expect((await search(project, "timed out")).search?.matches[0]?.text).toBe("Timed OUT again after 30 s")
    expect((await search(project, "OPS-77")).search?.matches[0]?.text).toBe("ticket=OPS-77")
  })

  test("the range and the other filters narrow what is found; every order pages through it", async () => {
    const project = await seeded()
    expect(await found(project, "invoice", { last: "90d" })).toEqual(["alpha-1:workflow", "old:workflow"])
    expect(await found(project, "alpha", { workflow: "triage" })).toEqual(["alpha-2:id"])
    expect(await found(project, "alpha", { model: "gpt-5-mini" })).toEqual(["alpha-2:id"])
    expect(await found(project, "alpha", { status: "failed" })).toEqual([])
    for (const sort of ["newest", "oldest", "cost", "duration"]) {
      const first = await search(project, "alpha", { sort, limit: "1" })
      const second = await search(project, "alpha", { sort, limit: "1", cursor: first.next_cursor ?? "" })
      expect(new Set([...first.items, ...second.items].map(({ id }) => id))).toEqual(new Set(["alpha-1", "alpha-2"]))
      expect([first.count?.value, second.next_cursor]).toEqual([2, null])
    }
  })

  test("B37 every text is taken literally: wildcards, quotes, escapes, bidi controls, markup, braces, very long words", async () => {
    const project = await db.make.project()
    const hostile = [
      "100%",
      "a_b",
      "back\\slash",
      "it's",
      'say "hi"',
      "{a,b}",
      "<b>x</b>",
      "\u202Ertl\u202C",
      "👩‍🚀",
      "NULL",
      "x".repeat(700),
    ]
    await db.make.runs(
      project,
      hostile.map((name, i) => ({ id: `r${i}`, at: ago(1, i), workflow: name, tags: { note: `tag ${name}` } })),
    )
    await db.make.rollUp(project)
    for (const [i, name] of hostile.entries())
      expect(await found(project, name)).toEqual([`r${i}:tag`, `r${i}:workflow`])
    for (const none of ["%%", "__", "\\\\", "''", "a%b", "' or 1=1 --", "$1", "(?:x)"])
      expect(await found(project, none)).toEqual([])
  })

  test("of very many the newest are kept, and the answer names the kind", async () => {
    const project = await db.make.project()
    await db.make.runs(
      project,
      Array.from({ length: 1200 }, (_, i) => ({
        id: `many-${String(i).padStart(4, "0")}`,
        at: ago(3, i * 1000),
        workflow: "bulk",
      })),
    )
    await db.make.rollUp(project)
    for (const [q, kind] of [
      ["many-", "id"],
      ["bul", "workflow"],
    ] as const) {
      const page = await search(project, q, { limit: "1" })
      expect([page.count?.value, page.search?.capped, page.items[0]?.id]).toEqual([1000, [kind], "many-1199"])
    }
    expect((await search(project, "many-01")).search?.capped).toEqual([])
  })

  test("another project's runs are never found", async () => {
    const [mine] = [await db.make.project(), await seeded()]
    for (const q of ["alpha", "invoice", "ops-77", "sonnet", "timed out", "schema"])
      expect(await found(mine, q)).toEqual([])
  })
})
