import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { closePools, configureDatabase, withProject } from "@/db/client"
import { createTestDatabase, type TestDatabase } from "@/db/testing"
import { Factory, type SpanSeed } from "@/db/testing-factories"
import { Spend } from "@/lib/contracts/read"
import { AppError } from "@/lib/errors"
import { parseFilters } from "@/lib/filters"
import { sumMoney } from "@/lib/money"
import { getSpend } from "./spend"

let database: TestDatabase
let make: Factory
const NOW = Date.parse("2026-11-20T10:07:00Z")

beforeAll(async () => {
  database = await createTestDatabase()
  configureDatabase(database.app)
  make = new Factory(database.owner)
})
afterAll(async () => {
  await closePools()
  await make.end()
  await database.drop()
})

const spend = async (project: number, query: string, now = NOW) => {
  const filters = parseFilters(new URLSearchParams(query))
  return Spend.parse(await withProject(project, (tx) => getSpend(tx, filters, now)))
}
const refused = async (project: number, query: string) =>
  await spend(project, query).then(
    () => null,
    (error) => (error instanceof AppError ? error : Promise.reject(error)),
  )

/** The calendar by another way than the one under test. */
const localDate = (iso: string, zone: string) =>
  new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(new Date(iso))
const aroundInstants = (instants: string[]) =>
  instants.flatMap((at) => [-1, 0, 1].map((ms) => new Date(Date.parse(at) + ms).toISOString()))

describe("spend", () => {
  test("the headline is the sum of the groups, and each group the sum of its series, to the last digit", async () => {
    const project = await make.project()
    const seeds: SpanSeed[] = []
    for (let i = 0; i < 400; i++)
      seeds.push({
        at: new Date(NOW - (i % 29) * 86_400_000 - i * 60_000).toISOString(),
        model: `m${i % 13}`,
        team: i % 5 === 0 ? null : `t${i % 3}`,
        cost: `0.0000000000000000000${String(1_000 + i * 7)}`,
        usage: { input: i, output: 2 * i },
      })
    await make.spans(project, seeds)
    await make.rollUp(project)
    const answer = await spend(project, "last=30d&by=model&top=5")
    expect(answer.groups.map((g) => g.is_other)).toEqual([false, false, false, false, false, true])
    expect(answer.group_count).toBe(13)
    expect(answer.total.cost).toBe(sumMoney(seeds.map((s) => s.cost ?? null)))
    expect(answer.total.cost).toBe(sumMoney(answer.groups.map((g) => g.cost)))
    for (const group of answer.groups) {
      expect(group.cost).toBe(sumMoney(group.series.map((p) => p.cost)))
      expect(group.calls).toBe(group.series.reduce((sum, p) => sum + p.calls, 0))
    }
    expect(answer.total.tokens.input).toBe(seeds.reduce((sum, s) => sum + (s.usage?.input ?? 0), 0))
    for (const by of ["", "by=team", "by=team&by=model", "by=step"]) {
      for (const grain of ["hour", "day", "week", "month"])
        expect((await spend(project, `last=30d&${by}&grain=${grain}&top=50`)).total, `${by} ${grain}`).toEqual(
          answer.total,
        )
      expect((await spend(project, `last=30d&${by}&tz=Asia/Kathmandu`)).total.calls, by).toBeGreaterThan(390)
    }
  })

  test("a missing name is its own group with a null key, never mixed with a model called null", async () => {
    const project = await make.project()
    const at = "2026-11-20T09:00:00Z"
    await make.spans(project, [
      { at, model: null, cost: "1" },
      { at, model: "null", cost: "2" },
      { at, model: "~", cost: "4" },
    ])
    await make.rollUp(project)
    const { groups } = await spend(project, "last=24h&by=model")
    expect(groups.map((g) => [g.key, g.cost])).toEqual([
      [["~"], "4"],
      [["null"], "2"],
      [[null], "1"],
    ])
    expect((await spend(project, "last=24h&model=~")).total.cost).toBe("1")
    expect((await spend(project, "last=24h&model=~~")).total.cost).toBe("4")
    expect((await spend(project, "last=24h&model=~&model=null")).total.cost).toBe("3")
  })

  test("only unpriced calls is null, nothing at all is zero, and what is unpriced is named", async () => {
    const project = await make.project()
    await make.spans(project, [
      { at: "2026-11-20T08:00:00Z", provider: "acme", model: "new", cost: null },
      { at: "2026-11-20T09:00:00Z", provider: "openai", model: "gpt", cost: "0.5" },
      { at: "2026-11-20T09:00:01Z", provider: "openai", model: "gpt", cost: null },
    ])
    await make.rollUp(project)
    const answer = await spend(project, "last=6h&grain=hour&by=model")
    const of = (model: string) => answer.groups.find((g) => g.key[0] === model)
    expect(of("new")?.cost).toBeNull()
    expect(of("gpt")?.cost).toBe("0.5")
    expect(answer.total).toMatchObject({ cost: "0.5", calls: 3, unpriced_calls: 2 })
    expect(answer.unpriced).toEqual([
      { provider: "acme", model: "new", calls: 1 },
      { provider: "openai", model: "gpt", calls: 1 },
    ])
    const at = (hour: string) => answer.buckets.indexOf(`2026-11-20T${hour}:00:00.000Z`)
    expect(of("new")?.series[at("08")]).toMatchObject({ cost: null, calls: 1, unpriced_calls: 1 })
    expect(of("new")?.series[at("09")]).toMatchObject({ cost: "0", calls: 0, unpriced_calls: 0 })
    expect((await spend(project, "last=6h&model=new")).total.cost).toBeNull()
    expect((await spend(project, "last=6h&model=absent")).total).toMatchObject({ cost: "0", calls: 0 })
  })

  test("a free call costs zero, which is not unpriced", async () => {
    const project = await make.project()
    await make.spans(project, [{ at: "2026-11-20T09:00:00Z", model: "free", cost: "0" }])
    await make.rollUp(project)
    expect((await spend(project, "last=6h")).total).toMatchObject({ cost: "0", calls: 1, unpriced_calls: 0 })
  })

  const ZONES: [zone: string, from: string, to: string, edges: string[]][] = [
    [
      "Europe/Berlin",
      "2026-03-27",
      "2026-04-02",
      ["2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T22:00:00Z", "2026-03-31T22:00:00Z"],
    ],
    [
      "Europe/Berlin",
      "2026-10-23",
      "2026-11-03",
      [
        "2026-10-24T22:00:00Z",
        "2026-10-25T00:00:00Z",
        "2026-10-25T01:00:00Z",
        "2026-10-25T23:00:00Z",
        "2026-10-31T23:00:00Z",
      ],
    ],
    [
      "America/New_York",
      "2026-10-30",
      "2026-11-04",
      ["2026-11-01T04:00:00Z", "2026-11-01T06:00:00Z", "2026-11-02T05:00:00Z"],
    ],
    [
      "Asia/Kathmandu",
      "2026-10-30",
      "2026-11-04",
      ["2026-10-30T18:15:00Z", "2026-10-31T18:15:00Z", "2026-11-01T00:00:00Z"],
    ],
    [
      "Pacific/Apia",
      "2011-12-28",
      "2012-01-02",
      ["2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"],
    ],
    [
      "Atlantic/Azores",
      "2026-10-23",
      "2026-10-28",
      ["2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-26T01:00:00Z"],
    ],
    [
      "America/Havana",
      "2026-10-30",
      "2026-11-04",
      ["2026-11-01T04:00:00Z", "2026-11-01T05:00:00Z", "2026-11-02T05:00:00Z"],
    ],
    [
      "Australia/Lord_Howe",
      "2026-10-02",
      "2026-10-06",
      ["2026-10-03T13:30:00Z", "2026-10-03T15:30:00Z", "2026-10-04T13:00:00Z"],
    ],
    [
      "Africa/Cairo",
      "2026-04-22",
      "2026-04-26",
      ["2026-04-22T22:00:00Z", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"],
    ],
  ]
  test.each(ZONES)(
    "F30 each event lies in exactly one day and hour of %s (%s to %s)",
    async (zone, from, to, edges) => {
      const local = await make.project({ zone })
      const elsewhere = await make.project({ zone: "UTC" })
      const seeds = aroundInstants(edges).map((at, i) => ({ at, model: "m", cost: `0.${i + 1}1` }))
      for (const project of [local, elsewhere]) {
        await make.spans(project, seeds)
        await make.rollUp(project)
      }
      const expected = new Map<string, string>()
      for (const { at, cost } of seeds) {
        const day = localDate(at, zone)
        expected.set(day, sumMoney([expected.get(day) ?? null, cost]) as string)
      }
      const range = `from=${from}&to=${to}&tz=${zone}`
      for (const project of [local, elsewhere]) {
        const answer = await spend(project, `${range}&grain=day`)
        const seen = new Map(
          answer.buckets.map((bucket, i) => [localDate(bucket, zone), answer.groups[0]?.series[i]?.cost]),
        )
        expect(seen.size).toBe(answer.buckets.length)
        expect([...seen].filter(([, cost]) => cost !== "0")).toEqual([...expected])
        expect(answer.total.cost).toBe(sumMoney(seeds.map((s) => s.cost)))
        for (const grain of ["15m", "hour", "week", "month"])
          expect((await spend(project, `${range}&grain=${grain}`)).total, grain).toEqual(answer.total)
      }
    },
  )

  test("F30 the days of Berlin on switch dates have 23 and 25 hours, and hours of a half-hour switch do not overlap", async () => {
    const project = await make.project({ zone: "Europe/Berlin" })
    const hours = async (day: string, next: string, tz: string) =>
      (await spend(project, `from=${day}&to=${next}&grain=hour&tz=${tz}`)).buckets
    expect(await hours("2026-03-29", "2026-03-30", "Europe/Berlin")).toHaveLength(23)
    expect(await hours("2026-10-25", "2026-10-26", "Europe/Berlin")).toHaveLength(25)
    expect(await hours("2026-10-24", "2026-10-25", "Europe/Berlin")).toHaveLength(24)
    expect((await hours("2026-11-01", "2026-11-02", "Asia/Kathmandu"))[0]).toBe("2026-10-31T18:15:00.000Z")
    expect(await hours("2026-04-04", "2026-04-06", "Australia/Lord_Howe")).toHaveLength(49)
  })

  test("a date that its zone skipped is no bucket", async () => {
    const project = await make.project({ zone: "Pacific/Apia" })
    const { buckets } = await spend(project, "from=2011-12-28&to=2012-01-02&grain=day")
    expect(buckets.map((b) => localDate(b, "Pacific/Apia"))).toEqual([
      "2011-12-28",
      "2011-12-29",
      "2011-12-31",
      "2012-01-01",
    ])
  })

  test("a range snaps outward to quarter hours and says so; one that lies on them does not", async () => {
    const project = await make.project()
    const odd = await spend(project, "from=2026-11-20T09:07:00Z&to=2026-11-20T09:16:00Z")
    expect(odd.range).toEqual({ from: "2026-11-20T09:00:00.000Z", to: "2026-11-20T09:30:00.000Z", is_snapped: true })
    const even = await spend(project, "from=2026-11-20T09:15:00Z&to=2026-11-20T09:30:00Z")
    expect(even.range.is_snapped).toBe(false)
  })

  test("presets of days are whole days of the zone with today as the last", async () => {
    const project = await make.project({ zone: "Europe/Berlin" })
    const answer = await spend(project, "last=7d")
    expect(answer.range).toEqual({
      from: "2026-11-13T23:00:00.000Z",
      to: "2026-11-20T10:15:00.000Z",
      is_snapped: false,
    })
    expect((await spend(project, "last=7d&grain=day")).buckets).toHaveLength(7)
    expect((await spend(project, "last=mtd")).range.from).toBe("2026-10-31T23:00:00.000Z")
    expect((await spend(project, "last=last_month")).range).toMatchObject({
      from: "2026-09-30T22:00:00.000Z",
      to: "2026-10-31T23:00:00.000Z",
    })
    const midnight = await spend(project, "last=today", Date.parse("2026-11-20T23:00:00Z"))
    expect(midnight.range).toMatchObject({ from: "2026-11-20T23:00:00.000Z", to: "2026-11-20T23:15:00.000Z" })
  })

  test("too many buckets is refused with the grain that fits", async () => {
    const project = await make.project()
    const refusal = await refused(project, "from=2026-01-01&to=2026-11-20&grain=15m")
    expect(refusal?.code).toBe("range_too_large")
    expect(refusal?.message).toContain("grain day fits")
    expect(await refused(project, "from=2000-01-01&to=2099-01-01")).toBeNull()
  })

  test("a bound in two spellings is compared after both are instants", async () => {
    const project = await make.project({ zone: "Europe/Berlin" })
    expect((await refused(project, "from=2026-11-20T23:00:00Z&to=2026-11-21"))?.field).toBe("to")
    expect(await refused(project, "from=2026-11-20T22:45:00Z&to=2026-11-21")).toBeNull()
  })

  test("an ingest key is filtered and grouped by its public id", async () => {
    const project = await make.project()
    const key = await make.key(project, "abcd1234")
    await make.spans(project, [
      { at: "2026-11-20T09:00:00Z", key, cost: "3" },
      { at: "2026-11-20T09:00:00Z", cost: "5" },
    ])
    await make.rollUp(project)
    expect((await spend(project, "last=24h&by=key")).groups.map((g) => g.key)).toEqual([[null], ["abcd1234"]])
    expect((await spend(project, "last=24h&key=abcd1234")).total.cost).toBe("3")
  })

  test("B37 hostile names are data in every dimension and in every filter", async () => {
    const project = await make.project()
    const hostile = ["'; drop table runs;--", "%", "_", "\\", '"', "{a,b}", "$1", "NULL", "été 👩‍👩‍👧"]
    await make.spans(
      project,
      hostile.map((model) => ({ at: "2026-11-20T09:00:00Z", model, team: model, cost: "1" })),
    )
    await make.rollUp(project)
    for (const name of hostile) {
      const query = new URLSearchParams([
        ["last", "24h"],
        ["by", "model"],
        ["model", name],
        ["team", name],
      ])
      const { groups } = await spend(project, query.toString())
      expect(groups.map((g) => g.key)).toEqual([[name]])
    }
  })

  test("one project's spend is never another's", async () => {
    const [mine, other] = [await make.project(), await make.project()]
    await make.spans(other, [{ at: "2026-11-20T09:00:00Z", model: "m", cost: "9" }])
    await make.rollUp(other)
    expect((await spend(mine, "last=24h&by=model")).total.cost).toBe("0")
  })

  test("B39 two thousand names: the top ones and the rest, summed in one group", async () => {
    const project = await make.project()
    await make.spans(
      project,
      Array.from({ length: 2000 }, (_, i) => ({ at: "2026-11-20T09:00:00Z", model: `m${i}`, cost: `${i}` })),
    )
    await make.rollUp(project)
    const answer = await spend(project, "last=24h&by=model")
    expect(answer.groups).toHaveLength(9)
    expect(answer.groups[0]?.key).toEqual(["m1999"])
    expect(answer.groups[8]).toMatchObject({ is_other: true, key: [], calls: 1992 })
    expect(answer.group_count).toBe(2000)
    expect(answer.total.cost).toBe(String((1999 * 2000) / 2))
  })

  test("an answer is made without touching spans", async () => {
    const project = await make.project()
    await make.sql.unsafe("analyze")
    await make.sql.unsafe("revoke select on spans, runs, events from andon_app")
    try {
      expect((await spend(project, "last=90d&by=model")).total.cost).toBe("0")
    } finally {
      await make.sql.unsafe("grant select on spans, runs, events to andon_app")
    }
  })
})
