import { describe, expect, test } from "vitest"
import { withProject } from "@/db/client"
import { readerFor } from "@/db/testing-reader"
import { Spend } from "@/lib/contracts/read"
import { AppError } from "@/lib/errors"
import { parseFilters } from "@/lib/filters"
import { sumMoney } from "@/lib/money"
import { getSpend } from "./spend"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const ask = async (project: number, query: string, now = NOW) =>
  Spend.parse(await withProject(project, (tx) => getSpend(tx, parseFilters(new URLSearchParams(query)), now)))

describe("the period before", () => {
  test.each([
    ["today", "2026-11-19T00:00", "2026-11-19T10:15"],
    ["7d", "2026-11-07T00:00", "2026-11-13T10:15"],
    ["mtd", "2026-10-01T00:00", "2026-10-20T10:15"],
    ["last_month", "2026-09-01T00:00", "2026-10-01T00:00"],
    ["24h", "2026-11-18T09:45", "2026-11-19T10:00"],
  ])("of %s is cut at the same time of day", async (last, from, to) => {
    const project = await db.make.project()
    const { previous } = await ask(project, `last=${last}&compare=previous`)
    expect(previous?.range).toMatchObject({ from: `${from}:00.000Z`, to: `${to}:00.000Z` })
  })

  test("of the last days of March so far is no more than February", async () => {
    const project = await db.make.project()
    const { previous } = await ask(project, "last=mtd&compare=previous", Date.parse("2026-03-31T12:00:00Z"))
    expect(previous?.range).toMatchObject({ from: "2026-02-01T00:00:00.000Z", to: "2026-03-01T00:00:00.000Z" })
  })

  test("of whole months is as many months, of whole days as many days of the zone", async () => {
    const project = await db.make.project({ zone: "Europe/Berlin" })
    const months = await ask(project, "from=2026-09-01&to=2026-11-01&compare=previous")
    expect(months.previous?.range).toMatchObject({ from: "2026-06-30T22:00:00.000Z", to: "2026-08-31T22:00:00.000Z" })
    // Clocks went back on 25 October: the week before is an hour longer.
    const days = await ask(project, "from=2026-10-26&to=2026-11-02&compare=previous&grain=day")
    expect(days.previous?.range).toMatchObject({ from: "2026-10-18T22:00:00.000Z", to: "2026-10-25T23:00:00.000Z" })
    expect(days.previous?.buckets).toHaveLength(7)
  })

  test("its total is the sum of the groups, and a name that spent only then is a group or in the rest", async () => {
    const project = await db.make.project()
    await db.make.spans(project, [
      { at: "2026-11-20T09:00:00Z", model: "new", cost: "3" },
      { at: "2026-11-20T09:30:00Z", model: "both", cost: "2" },
      { at: "2026-11-19T09:00:00Z", model: "both", cost: "5" },
      { at: "2026-11-19T08:00:00Z", model: "gone", cost: "7" },
      { at: "2026-11-19T11:00:00Z", model: "gone", cost: "100" },
    ])
    await db.make.rollUp(project)
    const all = await ask(project, "last=today&by=model&compare=previous")
    expect(all.groups.map((g) => [g.key[0], g.cost, g.previous?.cost])).toEqual([
      ["new", "3", "0"],
      ["both", "2", "5"],
      ["gone", "0", "7"],
    ])
    expect([all.total.cost, all.previous?.total.cost]).toEqual(["5", "12"])
    const one = await ask(project, "last=today&by=model&compare=previous&top=1&grain=hour")
    expect(one.groups.map((g) => [g.is_other, g.cost, g.previous?.cost])).toEqual([
      [false, "3", "0"],
      [true, "2", "12"],
    ])
    for (const group of one.groups)
      expect(sumMoney(group.previous?.series.map((point) => point.cost) ?? [])).toBe(group.previous?.cost)
    expect(one.previous?.total.cost).toBe("12")
  })
})

describe("other ways to measure", () => {
  test("the groups apart are those with most of the measure, and every measure has one total", async () => {
    const project = await db.make.project()
    const at = "2026-11-20T09:00:00Z"
    await db.make.spans(project, [
      { at, model: "dear", cost: "9", usage: { input: 1 } },
      { at, model: "long", cost: "1", usage: { input: 50, cache_read: 50 } },
      ...Array.from({ length: 3 }, () => ({ at, model: "often", cost: "0.1", usage: { output: 2 } })),
    ])
    await db.make.rollUp(project)
    const first = async (metric: string) => (await ask(project, `last=24h&by=model&top=1&metric=${metric}`)).groups[0]
    expect((await first("cost"))?.key).toEqual(["dear"])
    expect((await first("tokens"))?.key).toEqual(["long"])
    expect((await first("calls"))?.key).toEqual(["often"])
    const answer = await ask(project, "last=24h&by=model&top=1&metric=tokens")
    expect(answer.groups.map((g) => g.series.reduce((sum, point) => sum + point.tokens, 0))).toEqual([100, 7])
    expect(answer.total.cost).toBe("10.3")
  })

  test("the rest is named when it is of one dimension and few; two dimensions are no list of values", async () => {
    const project = await db.make.project()
    const seeds = ["a", "b", null].map((model, i) => ({
      at: "2026-11-20T09:00:00Z",
      model,
      team: "t",
      cost: `${9 - i}`,
    }))
    await db.make.spans(project, seeds)
    await db.make.rollUp(project)
    const rest = async (query: string) => (await ask(project, `last=24h&top=1&${query}`)).groups.at(-1)
    expect((await rest("by=model"))?.members?.toSorted()).toEqual(["b", null])
    expect((await rest("by=model&by=team"))?.members).toBeNull()
    const other = await rest("by=model")
    const named = await ask(project, "last=24h&model=b&model=~")
    expect(named.total.cost).toBe(other?.cost)
  })

  test("spend per run counts runs where they started, by what a run as a whole has", async () => {
    const project = await db.make.project()
    await db.make.runs(project, [
      { id: "r1", at: "2026-11-20T08:00:00Z", workflow: "w" },
      { id: "r2", at: "2026-11-20T09:00:00Z", workflow: "w" },
      { id: "r3", at: "2026-11-20T09:10:00Z", workflow: "idle" },
    ])
    await db.make.spans(project, [{ at: "2026-11-20T09:05:00Z", run: "r2", workflow: "w", model: "m", cost: "4" }])
    await db.make.rollUp(project)
    const answer = await ask(project, "last=6h&grain=hour&by=workflow&shape=per_run")
    expect(answer.groups.map((g) => [g.key[0], g.cost, g.runs])).toEqual([
      ["w", "4", 2],
      ["idle", "0", 1],
    ])
    expect(answer.groups[0]?.series.map((point) => point.runs).filter((runs) => runs !== 0)).toEqual([1, 1])
    expect(answer.total.runs).toBe(3)
    expect((await ask(project, "last=6h&by=workflow")).total.runs).toBeNull()
  })

  test.each([
    ["by=model&shape=per_run", "shape"],
    ["step=s&shape=per_run", "step"],
  ])("%s is refused by name", async (query, field) => {
    const project = await db.make.project()
    const refusal = await ask(project, `last=24h&${query}`).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(AppError)
    expect(refusal).toMatchObject({ code: "invalid_filter", field })
  })

  test("only grains that fit are offered", async () => {
    const project = await db.make.project()
    const grains = async (query: string) => (await ask(project, query)).grains
    expect(await grains("from=2026-11-20T09:00:00Z&to=2026-11-20T09:00:01Z")).toEqual(["15m"])
    expect(await grains("last=24h")).toEqual(["15m", "hour", "day"])
    expect(await grains("last=90d")).toEqual(["day", "week", "month"])
    expect(await grains("from=2016-01-01&to=2026-01-01")).toEqual(["week", "month"])
  })
})
