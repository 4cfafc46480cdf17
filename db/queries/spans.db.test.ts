import { beforeAll, describe, expect, test } from "vitest"
import { sql } from "@/db/client"
import type { SpanSeed } from "@/db/testing-factories"
import { readAll, readerFor } from "@/db/testing-reader"
import { SpanDetail, SpanList } from "@/lib/contracts/read"
import { sumMoney } from "@/lib/money"
import { selectRows } from "./rows"
import { getRunBounds, listRunSpans, ofRun } from "./run-spans"
import { getSpan } from "./span"
import { listSpans } from "./spans"
import { getSpend } from "./spend"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const spans = async (project: number, query: string) => SpanList.parse(await db.ask(project, query, listSpans))
const every = (project: number, query: string, limit: number) =>
  readAll((cursor) => spans(project, `${query}&limit=${limit}${cursor ? `&cursor=${cursor}` : ""}`))
const daysAgo = (days: number, ms = 0) => new Date(NOW - days * 86_400_000 + ms).toISOString()

describe("spans behind a figure", () => {
  let project: number
  let seeds: SpanSeed[]
  beforeAll(async () => {
    project = await db.make.project({ zone: "America/New_York" })
    seeds = Array.from({ length: 600 }, (_, i) => ({
      at: daysAgo((i * 13) % 60, (i % 5) * 900_000),
      run: i % 3 === 0 ? "" : `r${i % 20}`,
      model: i % 50 === 0 ? "rare" : `m${i % 4}`,
      team: i % 2 === 0 ? null : "search",
      cost: i % 11 === 0 ? null : `0.${1000 + i}`,
      status: i % 17 === 0 ? "error" : "ok",
    }))
    await db.make.spans(project, seeds)
    await db.make.spans(project, [
      { at: daysAgo(1), kind: "tool", name: "no call", model: "m1" },
      { at: daysAgo(1), kind: "agent", name: "roll-up", model: "m1", cost: "99", isCounted: false },
    ])
    await db.make.rollUp(project)
  })

  test.each([
    "last=30d",
    "last=90d",
    "last=90d&model=rare",
    "last=7d&team=~&model=m1",
    "last=90d&tz=Asia/Kathmandu&team=search",
    "from=2026-10-03T01:00:00Z&to=2026-11-02T13:07:00Z",
  ])("%s: the rows sum to the figure, to the last digit, on every page size", async (query) => {
    const { total } = await db.ask(project, query, getSpend)
    for (const limit of [7, 100]) {
      const rows = await every(project, query, limit)
      expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length)
      expect(rows.map((row) => row.started_at)).toEqual(
        rows
          .map((row) => row.started_at)
          .sort()
          .reverse(),
      )
      expect(rows.length).toBe(total.calls)
      expect(sumMoney(rows.map((row) => row.cost)) ?? "0").toBe(total.cost)
    }
    expect((await spans(project, query)).count).toEqual({ value: total.calls, is_capped: false })
  })

  test("what is unpriced leads to the calls without a price", async () => {
    const rows = await every(project, "last=90d&unpriced=1", 9)
    expect(rows).toHaveLength(seeds.filter((seed) => seed.cost === null).length)
    expect(rows.every((row) => row.cost === null && row.is_call)).toBe(true)
    expect(await every(project, "last=90d&unpriced=1&model=absent", 9)).toEqual([])
  })

  test("what failed leads to as many calls as the figure counts", async () => {
    for (const query of ["last=90d", "last=90d&model=rare", "last=30d&team=search"]) {
      const rows = await every(project, `${query}&failed=1`, 9)
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.length).toBe((await db.ask(project, query, getSpend)).total.errors)
      expect(rows.every((row) => row.status === "error" && row.is_call)).toBe(true)
    }
    await expect(spans(project, "last=90d&failed=1&unpriced=1")).rejects.toMatchObject({ field: "failed" })
  })
})

describe("spans of a run", () => {
  test("come in order of start and id, each once, when many share an instant", async () => {
    const project = await db.make.project()
    await db.make.runs(project, [{ id: "big", at: daysAgo(3) }])
    await db.make.spans(
      project,
      Array.from({ length: 1000 }, (_, i) => ({
        run: "big",
        id: `s${(i * 331) % 1000}`,
        at: daysAgo(2 - (i % 3), i % 10),
      })),
    )
    await db.make.rollUp(project)
    const all = await readAll((cursor) => db.ask(project, "", (tx) => listRunSpans(tx, "big", { cursor, limit: 77 })))
    expect(all).toHaveLength(1000)
    const keys = all.map((span) => `${span.started_at} ${span.id}`)
    expect(keys).toEqual([...keys].sort())
    await expect(db.ask(project, "", (tx) => listRunSpans(tx, "absent"))).rejects.toMatchObject({ code: "not_found" })
  })

  test("touch no partition but those of the run's own days", async () => {
    const project = await db.make.project()
    await db.make.runs(project, [{ id: "one-day", at: "2026-11-10T10:00:00Z" }])
    await db.make.spans(project, [{ run: "one-day", at: "2026-11-10T10:00:00Z" }])
    await db.make.rollUp(project)
    await db.make.days("spans", ["2026-11-09T00:00:00Z", "2026-11-11T00:00:00Z"])
    const plan = await db.ask(project, "", async (tx) => {
      const where = ofRun(tx, "one-day", await getRunBounds(tx, "one-day"))
      return await selectRows(tx, sql`explain select * from spans s where ${where}`)
    })
    const scanned = plan
      .map((row) => String(row["QUERY PLAN"]))
      .join("\n")
      .match(/ on spans_\d{8}/g)
    expect(scanned).toEqual([" on spans_20261110"])
  })
})

describe("a span", () => {
  test("its price lines sum to the computed cost exactly, and a rate that stood in for another is marked", async () => {
    const project = await db.make.project()
    const [price] = await db.make.sql`
      insert into prices (provider, model, valid_from, input, cache_read, output, source, source_date)
      values ('acme', 'm', '2026-01-01Z', 0.000000123456789012345, 0.0000000012, 0.0000045, 'a list', '2026-01-01') returning id`
    const usage = { input: 1201, cache_read: 9000, cache_write: 7, output: 310, reasoning: 55 }
    const computed = sumMoney([
      "0.000148271603603826345",
      "0.0000108",
      "0.000000864197523086415",
      "0.001395",
      "0.0002475",
    ]) as string
    await db.make.runs(project, [{ id: "r", at: daysAgo(1) }])
    await db.make.spans(project, [
      {
        run: "r",
        id: "priced",
        at: daysAgo(1),
        provider: "acme",
        model: "m",
        usage,
        cost: computed,
        priceId: price?.id as number,
      },
      { run: "r", id: "strange", at: daysAgo(1), provider: "acme", model: "unknown", usage, cost: null },
      { run: "r", id: "mute", at: daysAgo(1), provider: "acme", model: "m", usage: null, cost: null },
      { run: "r", id: "tool", at: daysAgo(1), kind: "tool" },
    ])
    await db.make.rollUp(project)
    const get = async (id: string) => SpanDetail.parse(await db.ask(project, "", (tx) => getSpan(tx, "r", id)))
    const span = await get("priced")
    expect(sumMoney(span.price?.lines.map((line) => line.cost) ?? [])).toBe(span.computed_cost)
    expect(span.computed_cost).toBe(computed)
    expect(span.price?.lines.map((line) => [line.bucket, line.is_fallback])).toEqual([
      ["input", false],
      ["cache_read", false],
      ["cache_write", true],
      ["output", false],
      ["reasoning", false],
    ])
    expect((await get("strange")).unpriced_reason).toContain("no price for acme unknown")
    expect((await get("mute")).unpriced_reason).toContain("no token counts")
    expect((await get("tool")).unpriced_reason).toBeNull()
  })

  test("shows the events that made it, and no body to those who work with aggregates", async () => {
    const project = await db.make.project()
    const at = daysAgo(1)
    await db.make.runs(project, [{ id: "r", at }])
    await db.make.spans(project, [
      { run: "r", id: "s", at },
      { id: "cost:x9", at, cost: "2" },
    ])
    await db.make.rollUp(project)
    await db.make.days("events", [at])
    const event = { project_id: project, received_at: at, type: "span", key_id: 1, entry: {} }
    await db.make.insert("events", [
      { ...event, n: 1, id: "e1", run_id: "r", span_id: "s", body: { input: "<script>alert(1)</script>" } },
      { ...event, n: 2, id: "x9", run_id: "", span_id: "cost:x9", type: "cost", body: { usage: {} } },
      { ...event, n: 3, id: "e3", run_id: "r", span_id: "another", body: {} },
    ])
    const shown = await db.ask(project, "", (tx) => getSpan(tx, "r", "s"))
    expect(shown.events).toEqual([
      { id: "e1", type: "span", received_at: at, body: { input: "<script>alert(1)</script>" } },
    ])
    const withheld = await db.ask(project, "", (tx) => getSpan(tx, "r", "s", { withPayload: false }))
    expect(withheld.events.map((item) => item.body)).toEqual([null])
    expect((await db.ask(project, "", (tx) => getSpan(tx, null, "cost:x9"))).events.map((item) => item.id)).toEqual([
      "x9",
    ])
    await expect(db.ask(project, "", (tx) => getSpan(tx, "r", "nope"))).rejects.toMatchObject({ code: "not_found" })
    await expect(db.ask(project, "", (tx) => getSpan(tx, null, "s"))).rejects.toMatchObject({ code: "not_found" })
  })
})
