import { describe, expect, test, vi } from "vitest"
import { withProject } from "@/db/client"
import { getSpend } from "@/db/queries/spend"
import type { SpanSeed } from "@/db/testing-factories"
import { readerFor } from "@/db/testing-reader"
import { parseFilters } from "@/lib/filters"
import { sumMoney } from "@/lib/money"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"
import { exportSpendCsv } from "./spend-csv"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const filtersOf = (query: string) => parseFilters(new URLSearchParams(query))
const start = (id: number, query: string) => exportSpendCsv({ id, slug: "acme" }, filtersOf(query), NOW, "test")

/** RFC 4180, written apart from the writer. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (bare ?? "") : quoted.replaceAll('""', '"'))
    if (end === "\r\n") rows.push([])
  }
  return rows.slice(0, -1)
}
const objects = ([header, ...lines]: string[][]) =>
  lines.map((line) => Object.fromEntries(line.map((cell, i) => [header?.[i] ?? "?", cell])))

async function seeded(rows: number): Promise<number> {
  const project = await db.make.project({ zone: "Asia/Kathmandu", currency: "EUR" })
  const seeds: SpanSeed[] = Array.from({ length: rows }, (_, i) => ({
    at: new Date(NOW - (i % 40) * 86_400_000 - (i % 7) * 3_600_000).toISOString(),
    provider: "acme",
    model: i % 9 === 0 ? null : `m${i % 5}`,
    customer: `c${i}`,
    cost: i % 13 === 0 ? null : `0.000000${i + 1}`,
    usage: { input: i },
  }))
  await db.make.spans(project, seeds)
  await db.make.rollUp(project)
  return project
}

describe("export of spend", () => {
  test.each(["last=90d", "last=30d&grain=hour", "last=90d&grain=month&model=m1&model=~", "last=30d&tz=Europe/Berlin"])(
    "%s: lines, control total, header and page agree to the last digit",
    async (query) => {
      const project = await seeded(300)
      const answer = await start(project, query)
      const lines = objects(parseCsv(await answer.text()))
      const trailer = lines.pop()
      const page = await withProject(project, (tx) => getSpend(tx, { ...filtersOf(query), grain: "month" }, NOW))
      expect(trailer).toMatchObject({
        provider: `rows: ${lines.length}`,
        cost: page.total.cost,
        calls: String(page.total.calls),
      })
      expect(Object.values(trailer ?? {})[0]).toBe("# total")
      expect(sumMoney(lines.map((line) => line.cost || null))).toBe(page.total.cost)
      expect(answer.headers.get("x-andon-control-total")).toBe(page.total.cost)
      expect(answer.headers.get("x-andon-control-rows")).toBe(String(lines.length))
      expect(new Set(lines.map((line) => line.currency))).toEqual(new Set(["EUR"]))
      expect(lines.filter((line) => line.calls === line.unpriced_calls).every((line) => line.cost === "")).toBe(true)
    },
  )

  test("days are those of the zone", async () => {
    const project = await db.make.project({ zone: "Asia/Kathmandu" })
    await db.make.spans(project, [
      { at: "2026-11-18T18:14:59.999Z", cost: "1" },
      { at: "2026-11-18T18:15:00Z", cost: "2" },
    ])
    await db.make.rollUp(project)
    const lines = objects(parseCsv(await (await start(project, "last=7d")).text()))
    expect(lines.slice(0, -1).map((line) => [line.day, line.cost])).toEqual([
      ["2026-11-18", "1"],
      ["2026-11-19", "2"],
    ])
  })

  test("an empty range has a header and a total of nothing", async () => {
    const project = await db.make.project()
    const lines = objects(parseCsv(await (await start(project, "last=7d")).text()))
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ day: "# total", provider: "rows: 0", cost: "0", calls: "0" })
  })

  test("B46 B50 hostile names are text cells, and no header is made of them", async () => {
    const project = await db.make.project()
    const hostile = ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", 'a"b,c\r\nX-Evil: 1', "＝1"]
    await db.make.spans(
      project,
      hostile.map((model) => ({ at: "2026-11-20T09:00:00Z", model, cost: "1" })),
    )
    await db.make.rollUp(project)
    const answer = await exportSpendCsv({ id: project, slug: 'a"\r\nX-Evil: 1' }, filtersOf("last=24h"), NOW, "test")
    expect(answer.headers.get("content-disposition")).toBe(
      'attachment; filename="andon-spend-a-vil1-2026-11-19-2026-11-20.csv"',
    )
    expect(answer.headers.get("x-evil")).toBeNull()
    const models = objects(parseCsv(await answer.text()))
      .map((line) => line.model)
      .slice(0, -1)
    expect(models.sort()).toEqual(hostile.map((name) => (name.startsWith("a") ? name : `'${name}`)).sort())
  })

  test("B48 a stream that breaks never ends like a whole one", async () => {
    const project = await seeded(3000)
    // Two rows that cancel out in the control total, and of which one is past what a count may be: the last page cannot be read.
    const set = await db.make.set(project, { customer: "broken" })
    const broken = (bucket: string, unpriced: string) => ({
      ...Object.fromEntries(
        [...TOKEN_BUCKETS, "errors", "cost", "reported_cost", "computed_cost"].map((name) => [name, 0]),
      ),
      project_id: project,
      grain: 15,
      bucket,
      dimension_set_id: set,
      calls: 1,
      unpriced_calls: unpriced,
    })
    await db.make.insert("spend_rollup", [
      broken("2026-11-20T08:00:00Z", "9007199254740993"),
      broken("2026-11-20T09:30:00Z", "-9007199254740993"),
    ])
    const answer = await start(project, "from=2026-09-01&to=2026-11-20T09:45:00Z&grain=hour")
    const reader = answer.body?.getReader()
    let text = ""
    const read = async () => {
      for (;;) {
        const part = await reader?.read()
        if (!part || part.done) return "ended"
        text += new TextDecoder().decode(part.value)
      }
    }
    await expect(read()).rejects.toThrow()
    expect(text.split("\r\n").length).toBeGreaterThan(2000)
    expect(text).not.toContain("# total")
  })

  test("B48 a reader that goes away ends the transaction, and its place is free again", async () => {
    const project = await seeded(3000)
    for (let round = 0; round < 3; round++) {
      // The transaction ends before its place is given back.
      const begin = () => vi.waitFor(() => start(project, "last=90d"), { timeout: 10_000 })
      const answers = [await begin(), await begin()]
      await expect(start(project, "last=90d")).rejects.toMatchObject({ code: "busy" })
      for (const answer of answers) await answer.body?.cancel()
      await expect.poll(async () => (await openSnapshots()).length, { timeout: 10_000 }).toBe(0)
    }
  })

  const openSnapshots = () =>
    db.make
      .sql`select pid from pg_stat_activity where datname = current_database() and query ~ 'spend_export' and pid <> pg_backend_pid() and state <> 'idle'`
})
