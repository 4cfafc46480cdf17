import { createHash } from "node:crypto"
import { describe, expect, test } from "vitest"
import { withProject } from "@/db/client"
import { getMonthBook, getMonthReport } from "@/db/queries/month-report"
import { getSpend } from "@/db/queries/spend"
import type { SpanSeed } from "@/db/testing-factories"
import { readerFor } from "@/db/testing-reader"
import { parseFilters } from "@/lib/filters"
import { formatMoney, parseMoney, sumMoney } from "@/lib/money"
import { addMonths, monthFilters, REPORT_DEFAULTS } from "@/lib/month"
import { monthFile } from "@/lib/month-csv"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const filtersOf = (query: string) => parseFilters(new URLSearchParams(query), REPORT_DEFAULTS)
const report = (project: number, query: string, month: string | null = null, now = NOW) =>
  withProject(project, (tx) => getMonthReport(tx, filtersOf(query), month, now))
const book = (project: number, query: string, month: string) =>
  withProject(project, (tx) => getMonthBook(tx, filtersOf(query), month, NOW))
const spend = (project: number, query: string, month: string) =>
  withProject(project, (tx) => getSpend(tx, { ...monthFilters(filtersOf(query), month), top: 50 }, NOW))

/** Spans of three months, some without a price, some without a team, many at the edges of days. */
async function seeded(zone: string, currency = "USD"): Promise<number> {
  const project = await db.make.project({ zone, currency })
  const start = Date.parse("2026-08-28T00:00:00Z")
  const seeds: SpanSeed[] = Array.from({ length: 500 }, (_, i) => ({
    at: new Date(start + i * 12_963_000 + (i % 3)).toISOString(),
    provider: "acme",
    model: `m${i % 6}`,
    workflow: `w${i % 4}`,
    team: i % 11 === 0 ? null : `t${i % 3}`,
    customer: `c${i % 40}`,
    cost: i % 13 === 0 ? null : `0.00000${i + 1}`,
    usage: { input: i, output: 2 * i, cache_read: i % 5 },
  }))
  await db.make.spans(project, seeds)
  await db.make.rollUp(project)
  return project
}

describe("a month", () => {
  test.each(["UTC", "Asia/Kathmandu", "Europe/Berlin", "America/Havana", "Atlantic/Azores"])(
    "in %s is what Spend says of it, and its rows are what adds up to it",
    async (zone) => {
      const project = await seeded(zone)
      for (const query of ["by=model", "by=team", "by=customer&team=t1&team=~", "by=workflow&tz=Australia/Lord_Howe"]) {
        for (const month of ["2026-09", "2026-10"]) {
          const [found, same, before] = await Promise.all([
            report(project, query, month),
            spend(project, query, month),
            spend(project, query, addMonths(month, -1)),
          ])
          expect(found.total.calls).toBeGreaterThan(20)
          expect(found.range).toEqual(same.range)
          expect(found.total.cost).toBe(same.total.cost)
          expect(found.total.calls).toBe(same.total.calls)
          expect(found.total.unpriced_calls).toBe(same.total.unpriced_calls)
          expect(found.total.tokens).toEqual(same.total.tokens)
          expect(found.total.previous.cost).toBe(before.total.cost)
          expect(found.total.previous.calls).toBe(before.total.calls)
          expect(sumMoney(found.rows.map((row) => row.cost)) ?? "0").toBe(found.total.cost ?? "0")
          expect(found.rows.reduce((sum, row) => sum + row.calls, 0)).toBe(found.total.calls)
          expect(found.unpriced).toEqual(same.unpriced)
          for (const row of found.rows) {
            const group = same.groups.find((one) => one.key[0] === row.key)
            expect([row.cost, row.calls]).toEqual(group ? [group.cost, group.calls] : ["0", 0])
          }
          expect(found.control).toMatchObject({ cost: found.total.cost, rows: found.rows.length })
        }
      }
    },
  )

  test("begins and ends with the days of the zone: a month with a day of 25 hours, and one at +05:45", async () => {
    for (const [zone, from, to] of [
      ["Europe/Berlin", "2026-09-30T22:00:00.000Z", "2026-10-31T23:00:00.000Z"],
      ["Asia/Kathmandu", "2026-09-30T18:15:00.000Z", "2026-10-31T18:15:00.000Z"],
    ] as const) {
      const project = await db.make.project({ zone })
      const just = (iso: string, ms: number) => new Date(Date.parse(iso) + ms).toISOString()
      await db.make.spans(project, [
        { at: just(from, -1), cost: "1", model: "m" },
        { at: from, cost: "2", model: "m" },
        { at: just(to, -1), cost: "4", model: "m" },
        { at: to, cost: "8", model: "m" },
      ])
      await db.make.rollUp(project)
      const found = await report(project, "", "2026-10")
      expect(found.range).toEqual({ from, to, is_snapped: false })
      expect([found.total.cost, found.total.previous.cost, found.total.change]).toEqual(["6", "1", "5"])
    }
  })

  test("names what is new and what is gone, and does not compare with the unknown", async () => {
    const project = await db.make.project()
    await db.make.spans(project, [
      { at: "2026-09-10T00:00:00Z", model: "old", cost: "3" },
      { at: "2026-10-10T00:00:00Z", model: "fresh", cost: "0.5" },
      { at: "2026-09-10T00:00:00Z", model: "kept", cost: "2" },
      { at: "2026-10-10T00:00:00Z", model: "kept", cost: "1.25" },
      { at: "2026-09-10T00:00:00Z", model: "dark", cost: null },
      { at: "2026-10-10T00:00:00Z", model: "dark", cost: "9" },
    ])
    await db.make.rollUp(project)
    const found = await report(project, "", "2026-10")
    const rows = found.rows.map((row) => [row.key, row.presence, row.cost, row.previous.cost, row.change])
    expect(rows).toEqual([
      ["dark", "both", "9", null, null],
      ["kept", "both", "1.25", "2", "-0.75"],
      ["fresh", "new", "0.5", "0", "0.5"],
      ["old", "gone", "0", "3", "-3"],
    ])
    expect(found.total.change).toBe(formatMoney(parseMoney("10.75") - parseMoney("5")))
  })

  test("the default is the last whole month that has calls, else this one; the open month says so", async () => {
    const project = await db.make.project({ zone: "Asia/Kathmandu" })
    expect(await report(project, "")).toMatchObject({ month: "2026-11", is_open: true, available: null })
    // 30 September 18:14 in UTC is still September in Kathmandu, a minute later is October.
    await db.make.spans(project, [{ at: "2026-09-30T18:14:00Z", cost: "1" }])
    await db.make.rollUp(project)
    expect(await report(project, "")).toMatchObject({ month: "2026-11" })
    await db.make.spans(project, [{ at: "2026-09-30T18:15:00Z", cost: "1" }])
    await db.make.sql`delete from spend_rollup where project_id = ${project}`
    await db.make.rollUp(project)
    expect(await report(project, "")).toMatchObject({
      month: "2026-10",
      is_open: false,
      available: { first: "2026-09", last: "2026-10", current: "2026-11" },
    })
    // A minute before midnight in Kathmandu October is open, at midnight it is over.
    const end = Date.parse("2026-10-31T18:15:00Z")
    expect((await report(project, "", "2026-10", end - 1)).is_open).toBe(true)
    expect((await report(project, "", "2026-10", end)).is_open).toBe(false)
  })

  test("past the rows of the page the rest is one sum, and the file has them all", async () => {
    const project = await db.make.project()
    const seeds = Array.from({ length: 320 }, (_, i) => ({
      at: "2026-10-10T00:00:00Z",
      customer: `c${i}`,
      cost: `${i + 1}`,
    }))
    await db.make.spans(project, seeds)
    await db.make.rollUp(project)
    const found = await report(project, "by=customer", "2026-10")
    expect([found.rows.length, found.rest?.rows, found.control.rows]).toEqual([300, 20, 320])
    expect(sumMoney([...found.rows.map((row) => row.cost), found.rest?.cost ?? null])).toBe(found.total.cost)
    expect((await book(project, "by=customer", "2026-10")).rows).toHaveLength(320)
  })

  test("by takes one dimension", async () => {
    const project = await db.make.project()
    for (const by of ["by=model&by=team", "by=total"])
      await expect(report(project, by)).rejects.toMatchObject({ code: "invalid_filter", field: "by" })
  })
})

describe("the file of a month", () => {
  test("is the same to the byte whatever the order of arrival, its hash is of all but its last line, and the page says the same", async () => {
    const [one, two] = [await seeded("Asia/Kathmandu", "EUR"), await seeded("Asia/Kathmandu", "EUR")]
    await db.make.sql`update dimension_sets set id = id + 1000000 where project_id = ${two}`
    await db.make.sql`update spend_rollup set dimension_set_id = dimension_set_id + 1000000 where project_id = ${two}`
    const files = await Promise.all([one, two].map(async (id) => monthFile(await book(id, "by=customer", "2026-10"))))
    expect(files[0]?.text).toBe(files[1]?.text)
    const text = files[0]?.text ?? ""
    const end = text.trimEnd().lastIndexOf("\r\n") + 2
    const found = await report(one, "by=customer", "2026-10")
    expect(createHash("sha256").update(text.slice(0, end)).digest("hex")).toBe(found.control.sha256)
    expect(text.slice(end)).toBe(
      `"# control","rows: ${found.control.rows}","sha256: ${found.control.sha256}",${found.control.cost}${",".repeat(18)}\r\n`,
    )
    // Another figure anywhere is another hash.
    await db.make.spans(one, [{ at: "2026-10-10T00:00:00Z", customer: "c1", cost: "0.000000000001" }])
    await db.make.sql`delete from spend_rollup where project_id = ${one}`
    await db.make.rollUp(one)
    expect((await report(one, "by=customer", "2026-10")).control.sha256).not.toBe(found.control.sha256)
  })

  test("lines give the sums again, and names that a spreadsheet would run are text", async () => {
    const project = await db.make.project()
    const hostile = ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", 'a"b,c\r\nX-Evil: 1', "＝1", "", "# total"]
    await db.make.spans(
      project,
      hostile.map((team, i) => ({ at: "2026-10-10T00:00:00Z", team, cost: `${i}.5` })),
    )
    await db.make.rollUp(project)
    const { text } = monthFile(await book(project, "by=team", "2026-10"))
    const rows: string[][] = [[]]
    for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
      rows.at(-1)?.push(quoted === undefined ? (bare ?? "") : quoted.replaceAll('""', '"'))
      if (end === "\r\n") rows.push([])
    }
    const [header = [], ...lines] = rows.slice(0, -1)
    expect(lines.every((line) => line.length === header.length)).toBe(true)
    const data = lines.slice(0, -2)
    expect(data.map((line) => line[1]).sort()).toEqual(
      hostile.map((name) => (/^[=+\-@\t＝]/.test(name) ? `'${name}` : name)).sort(),
    )
    const at = header.indexOf("cost")
    expect(sumMoney(data.map((line) => line[at] ?? null))).toBe(lines.at(-2)?.[at])
    expect(lines.at(-1)?.[at]).toBe(lines.at(-2)?.[at])
  })

  test("says when it is of a part of the project", async () => {
    const project = await seeded("UTC")
    const { text } = monthFile(await book(project, "by=model&team=t1", "2026-10"))
    expect(text).toContain('"# total","team=t1"')
  })
})
