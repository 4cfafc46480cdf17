import { beforeAll, describe, expect, test } from "vitest"
import type { RunSeed, SpanSeed } from "@/db/testing-factories"
import { readAll, readerFor } from "@/db/testing-reader"
import { type Facets, Facets as FacetsSchema } from "@/lib/contracts/facets"
import { RunPage } from "@/lib/contracts/runs"
import { SORTS, type Sort } from "@/lib/filters"
import { getFacets } from "./facets"
import { listRuns } from "./runs"
import { findOnce, isLookedUp } from "./runs-found"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const ago = (days: number, ms = 0) => new Date(NOW - days * 86_400_000 + ms).toISOString()
let project: number

/** 300 runs with few distinct costs, lengths, errors and starts: nearly all of them tie, many have no price or no end. */
const SEEDS: (RunSeed & { cost: string | null; tokens: number; errors: number })[] = Array.from(
  { length: 300 },
  (_, i) => {
    const at = ago(1 + (i % 4))
    return {
      id: `r${String((i * 7919) % 300).padStart(3, "0")}`,
      at,
      end: i % 5 === 0 ? null : new Date(Date.parse(at) + (i % 3) * 1500 - (i % 7 === 0 ? 9000 : 0)).toISOString(),
      status: (["succeeded", "failed", "halted", "running"] as const)[i % 4] as string,
      proof: (["verified", "unproven", "unchecked"] as const)[i % 3] as string,
      workflow: i % 6 === 0 ? null : `w${i % 5}`,
      team: `t${i % 2}`,
      release: i % 11 === 0 ? "100%_\\" : "1.0",
      cost: i % 7 === 3 ? null : ["0", "0.5", "0.10", "12.000000000001"][i % 4]!,
      tokens: (i % 3) * 1000,
      errors: i % 4 === 1 ? 2 : 0,
    }
  },
)

beforeAll(async () => {
  project = await db.make.project({ zone: "Europe/Berlin" })
  await db.make.runs(project, SEEDS)
  const spans: SpanSeed[] = SEEDS.map((run, i) => ({
    run: run.id,
    at: run.at,
    model: i % 50 === 0 ? "rare-model" : "usual",
    provider: "p",
    team: `t${i % 2}`,
    cost: run.cost,
    usage: { input: run.tokens },
  }))
  await db.make.spans(project, spans)
  await db.make.rollUp(project)
  for (const { id, tokens, errors } of SEEDS)
    await db.make
      .sql`update runs set input = ${tokens}, errors = ${errors} where project_id = ${project} and id = ${id}`
})

const runs = async (query: string) => RunPage.parse(await db.ask(project, query, listRuns))
const facets = async (query: string): Promise<Facets> => FacetsSchema.parse(await db.ask(project, query, getFacets))

/** The order in words: greatest first, what is not known last, then the newest, then the greatest id. */
function ranked(sort: Sort): string[] {
  const measure = (run: (typeof SEEDS)[number]): number => {
    if (sort === "cost") return run.cost === null ? -1 : Number(run.cost)
    // A halted run without an end was over with its last event, here its first.
    if (sort === "duration" && run.end === null) return run.status === "halted" ? 0 : -1
    if (sort === "duration") return Math.max(0, Date.parse(run.end ?? "") - Date.parse(run.at))
    if (sort === "tokens") return run.tokens
    return sort === "errors" ? run.errors : 0
  }
  const byTime = (a: RunSeed, b: RunSeed) => (a.at === b.at ? (a.id < b.id ? 1 : -1) : a.at < b.at ? 1 : -1)
  const all = [...SEEDS].sort((a, b) => measure(b) - measure(a) || byTime(a, b)).map(({ id }) => id)
  return sort === "oldest" ? all.reverse() : all
}

describe("pages of runs", () => {
  test.each(SORTS)("sorted by %s, pages on and back together are the whole list", async (sort) => {
    const wanted = ranked(sort)
    for (const limit of [1, 7, 150, 200]) {
      if (limit === 1 && sort !== "cost") continue
      const query = (cursor: string | null) =>
        `last=30d&sort=${sort}&limit=${limit}${cursor ? `&cursor=${cursor}` : ""}`
      const on = await readAll((cursor) => runs(query(cursor)))
      expect(on.map(({ id }) => id)).toEqual(wanted)
      // From the last page back to the first: each page is whole, and none is shown twice.
      let page = await runs(query(null))
      while (page.next_cursor !== null) page = await runs(query(page.next_cursor))
      const back: string[] = page.items.map(({ id }) => id)
      while (page.previous_cursor !== null) {
        page = await runs(query(page.previous_cursor))
        back.unshift(...page.items.map(({ id }) => id))
      }
      expect(back).toEqual(wanted)
    }
  })

  test("a page back leads on to the page that it came from", async () => {
    for (const sort of SORTS) {
      const first = await runs(`sort=${sort}&limit=20`)
      const second = await runs(`sort=${sort}&limit=20&cursor=${first.next_cursor}`)
      const again = await runs(`sort=${sort}&limit=20&cursor=${second.previous_cursor}`)
      expect(again.items).toEqual(first.items)
      expect(first.previous_cursor).toBeNull()
      expect((await runs(`sort=${sort}&limit=20&cursor=${again.next_cursor}`)).items).toEqual(second.items)
    }
  })

  test("a cursor of one order is refused in another", async () => {
    const { next_cursor } = await runs("sort=cost&limit=5")
    for (const sort of SORTS.filter((word) => word !== "cost"))
      await expect(runs(`sort=${sort}&cursor=${next_cursor}`)).rejects.toMatchObject({
        code: "invalid_filter",
        field: "cursor",
      })
    const forged = (parts: unknown) =>
      runs(`sort=cost&cursor=${Buffer.from(JSON.stringify(parts)).toString("base64url")}`)
    for (const key of ["1e9", "NaN", "'; drop table runs", "", "9".repeat(60)])
      await expect(forged(["cost", "on", ago(1), "r", key])).rejects.toMatchObject({ field: "cursor" })
    await expect(forged(["cost", "sideways", ago(1), "r", "1"])).rejects.toMatchObject({ field: "cursor" })
  })
})

describe("facets", () => {
  const FILTERS = [
    "",
    "status=failed&status=halted",
    "proof=unproven&team=t1",
    "workflow=~&workflow=w1",
    "workflow=w1&status=failed",
    "release=1.0&team=t0&proof=verified",
    "q=w1",
    "model=rare-model",
    "model=rare-model&status=failed",
    "workflow=nobody",
  ]
  const RUN_FACETS = ["status", "proof", "workflow", "release", "team", "environment", "customer"] as const

  test.each(FILTERS)(
    "%s: each facet sums to the list without its own choice, and each value to the list with it",
    async (query) => {
      const answer = await facets(query)
      for (const name of RUN_FACETS) {
        const others = new URLSearchParams(query)
        others.delete(name)
        const facet = answer.facets.find((one) => one.name === name)
        const sum = facet?.values.reduce((total, { count }) => total + (count ?? Number.NaN), 0)
        expect([name, sum]).toEqual([name, (await runs(others.toString())).count?.value])
        for (const { value, count } of facet?.values ?? []) {
          const one = new URLSearchParams(others)
          one.set(name, value ?? "~")
          expect([name, value, count]).toEqual([name, value, (await runs(one.toString())).count?.value])
        }
      }
    },
  )

  test("models are counted in calls, and not at all where the filter says nothing of calls", async () => {
    const of = async (query: string) => (await facets(query)).facets.find(({ name }) => name === "model")
    expect(await of("")).toEqual({
      name: "model",
      unit: "calls",
      value_count: 2,
      values: [
        { value: "usual", count: 294 },
        { value: "rare-model", count: 6 },
      ],
    })
    expect((await of("team=t1"))?.values).toEqual([{ value: "usual", count: 150 }])
    expect((await of("status=failed"))?.values.map(({ count }) => count)).toEqual([null, null])
  })

  test("a search made once serves the list and the counts alike", async () => {
    for (const query of ["q=r01", "model=rare-model", "q=w1&model=usual&status=failed"]) {
      const known = await db.ask(project, query, findOnce)
      const list = await db.ask(project, query, (tx, filters, now) => listRuns(tx, filters, now, known))
      const counts = await db.ask(project, query, (tx, filters, now) => getFacets(tx, filters, now, undefined, known))
      expect(list).toEqual(await runs(query))
      expect(counts).toEqual(await facets(query))
      const status = counts.facets.find(({ name }) => name === "status")?.values ?? []
      expect(status.some(({ count }) => (count ?? 0) > 0)).toBe(true)
      const isNarrowed = await db.ask(project, query, async (_, filters) => isLookedUp(filters))
      expect(isNarrowed).toBe(true)
    }
    expect(await db.ask(project, "status=failed", async (_, filters) => isLookedUp(filters))).toBe(false)
  })

  test("of many values the most frequent are shown, the chosen one always, and a part of its name finds any", async () => {
    const many = await db.make.project()
    const seeds = Array.from({ length: 60 }, (_, i) => ({
      id: `r${i}`,
      at: ago(1),
      workflow: `flow-${i < 30 ? i % 10 : i}`,
    }))
    await db.make.runs(many, seeds)
    await db.make.rollUp(many)
    const ask = async (query: string, find: string | null) => {
      const answer = await db.ask(many, query, (tx, filters, now) =>
        getFacets(tx, filters, now, { only: "workflow", find }),
      )
      expect(answer.facets.map(({ name }) => name)).toEqual(["workflow"])
      return answer.facets[0]!
    }
    const all = await ask("", null)
    expect([all.value_count, all.values.length]).toEqual([40, 20])
    expect(all.values.slice(0, 10).every(({ count }) => count === 3)).toBe(true)
    const chosen = await ask("workflow=flow-59&workflow=gone", null)
    expect(chosen.values).toContainEqual({ value: "flow-59", count: 1 })
    expect(chosen.values.at(-1)).toEqual({ value: "gone", count: 0 })
    expect((await ask("", "LOW-5")).values.map(({ value }) => value).sort()).toEqual(
      ["flow-5", ...Array.from({ length: 10 }, (_, i) => `flow-${50 + i}`)].sort(),
    )
    for (const hostile of ["%", "_", "\\", "'", '"', "{"]) expect((await ask("", hostile)).values).toEqual([])
  })
})
