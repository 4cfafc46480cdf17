import { expect, test } from "vitest"
import { withOwner } from "@/db/owner"
import { readerFor } from "@/db/testing-reader"
import { Search } from "@/lib/contracts/search"
import { search } from "./search"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const find = async (project: number, q: string) => Search.parse(await db.ask(project, "", (tx) => search(tx, q)))
const names = async (project: number, dimension: string, list: readonly string[]) => {
  await withOwner(db.database.owner, async (sql) => {
    await sql`insert into dimension_names (project_id, dimension, name) select ${project}, ${dimension}, unnest(${list as string[]}::text[])`
  })
}
const minutesAgo = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString()

test("runs by the beginning of their id, newest first, at most eight", async () => {
  const project = await db.make.project()
  const foreign = await db.make.project()
  const seeds = Array.from({ length: 12 }, (_, i) => ({
    id: `inv-${i}`,
    at: minutesAgo(100 - i),
    workflow: "invoices",
  }))
  await db.make.runs(project, [...seeds, { id: "other-1", at: minutesAgo(1) }, { id: "INV-9", at: minutesAgo(1) }])
  await db.make.runs(foreign, [{ id: "inv-foreign", at: minutesAgo(1) }])
  const { runs } = await find(project, "  inv-")
  expect(runs.map((run) => run.id)).toEqual([11, 10, 9, 8, 7, 6, 5, 4].map((i) => `inv-${i}`))
  expect(runs[0]).toMatchObject({ workflow: "invoices", started_at: minutesAgo(89) })
  expect((await find(project, "inv-1")).runs.map((run) => run.id)).toEqual(["inv-11", "inv-10", "inv-1"])
  expect((await find(project, "nv-1")).runs).toEqual([])
})

test("the newest come first even when more runs begin so than are looked at", async () => {
  const project = await db.make.project()
  const seeds = Array.from({ length: 600 }, (_, i) => ({ id: `r-${1000 + i}`, at: minutesAgo(700 - i) }))
  await db.make.runs(project, seeds)
  expect((await find(project, "r-")).runs.map((run) => run.id)).toEqual(
    [1599, 1598, 1597, 1596, 1595, 1594, 1593, 1592].map((i) => `r-${i}`),
  )
})

test("names that hold the text: the name itself, then those that begin so, then the rest; five a dimension", async () => {
  const project = await db.make.project()
  const foreign = await db.make.project()
  await names(project, "model", [
    "my-gpt-5",
    "gpt-5-mini",
    "GPT-5",
    "gpt-5-nano-long",
    "x-gpt-5-y",
    "z-gpt-5-zz",
    "other",
  ])
  await names(project, "workflow", ["gpt-5 triage", "invoices"])
  await names(foreign, "model", ["gpt-5-foreign"])
  expect((await find(project, "gpt-5")).names).toEqual([
    { dimension: "workflow", name: "gpt-5 triage" },
    { dimension: "model", name: "GPT-5" },
    { dimension: "model", name: "gpt-5-mini" },
    { dimension: "model", name: "gpt-5-nano-long" },
    { dimension: "model", name: "my-gpt-5" },
    { dimension: "model", name: "x-gpt-5-y" },
  ])
})

test("text is text: wildcards, quotes and other scripts find themselves, nothing finds nothing", async () => {
  const project = await db.make.project()
  const hostile = ["100%_off", "a\\b", `"quoted'`, "<b>bold</b>", "Ünïcode 発票", "\u202Eright to left"]
  await names(project, "team", hostile)
  await db.make.runs(project, [{ id: "50%", at: minutesAgo(1) }])
  for (const name of hostile) expect((await find(project, name)).names).toEqual([{ dimension: "team", name }])
  expect((await find(project, "ÜNÏ")).names).toHaveLength(1)
  expect((await find(project, "5_")).runs).toEqual([])
  expect((await find(project, "50%")).runs).toHaveLength(1)
  expect(await find(project, "   ")).toEqual({ q: "", runs: [], names: [] })
})
