import { describe, expect, test } from "vitest"
import { listPrices, listUnpriced } from "@/db/queries/prices"
import { readAll, readerFor } from "@/db/testing-reader"
import { PriceBook, parseRate } from "@/ingest/price"
import { callOf } from "@/ingest/testing-prices"
import { RATE_NAMES } from "@/lib/price-lines"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)

type Seed = { project?: number; model: string; from: string; above?: number; input: string; provider?: string }
async function price({ project, model, from, above = 0, input, provider = "acme" }: Seed): Promise<number> {
  const [row] = await db.make.sql`
    insert into prices (project_id, provider, model, valid_from, prompt_above, input, output, source, source_date)
    values (${project ?? null}, ${provider}, ${model}, ${from}, ${above}, ${input}, '0.000002', 'a list', '2026-11-01') returning id`
  return row?.id as number
}

describe("the price book in force", () => {
  test("is what ingest would use: own before list, newest before older, a correction before what it corrects, tier by tier", async () => {
    const project = await db.make.project()
    const other = await db.make.project()
    await price({ model: "a", from: "2026-01-01Z", input: "0.000001" })
    await price({ model: "a", from: "2026-06-01Z", input: "0.000003" })
    await price({ model: "a", from: "2026-06-01Z", above: 200_000, input: "0.000006" })
    await price({ model: "a", from: "2026-06-01Z", input: "0.0000035" })
    await price({ model: "a", from: "2026-12-01Z", input: "0.000009" })
    await price({ project, model: "b", from: "2026-01-01Z", input: "0.000000015" })
    await price({ model: "b", from: "2026-11-01Z", input: "0.00002" })
    await price({ project: other, model: "a", from: "2026-11-01Z", input: "0.9" })
    await price({ model: "later", from: "2026-12-01Z", input: "0.000009" })

    const { items } = await db.ask(project, "", listPrices)
    expect(items.map((row) => [row.model, row.prompt_above, row.rates.input, row.is_own, row.next_valid_from])).toEqual(
      [
        ["b", 0, "0.015", true, null],
        ["a", 0, "3.5", false, "2026-12-01T00:00:00.000Z"],
        ["a", 200_000, "6", false, "2026-12-01T00:00:00.000Z"],
      ],
    )
    expect(items[0]?.rates).toMatchObject({ output: "2", cache_read: null, reasoning: null })

    // Held against the price book of ingest itself.
    const rows = await db.make.sql`select * from prices`
    const book = new PriceBook(
      rows.map((row) => ({
        id: row.id,
        projectId: row.project_id,
        provider: row.provider,
        model: row.model,
        validFrom: Date.parse(row.valid_from),
        promptAbove: row.prompt_above,
        serviceTier: row.service_tier,
        rates: Object.fromEntries(RATE_NAMES.map((name) => [name, parseRate(row[name])])) as never,
      })),
      "1",
    )
    for (const { id, provider, model, prompt_above } of items) {
      const call = callOf(model, { input: prompt_above + 1 }, { projectId: project, provider, startedAt: NOW })
      expect(book.find(call)?.row.id).toBe(id)
    }
  })

  test("is searched for by a part of its names, taken literally, and paged without gaps", async () => {
    const project = await db.make.project()
    for (let i = 0; i < 25; i++)
      await price({ model: `search%_${i}`, provider: "Höchst", from: "2026-01-01Z", input: "1" })
    const all = await readAll((cursor) =>
      db.ask(
        project,
        `limit=10&q=${encodeURIComponent("HÖCHST / search%")}${cursor ? `&cursor=${cursor}` : ""}`,
        listPrices,
      ),
    )
    expect(new Set(all.map((row) => row.id)).size).toBe(25)
    expect(all).toHaveLength(25)
    expect((await db.ask(project, "q=search_%25", listPrices)).items).toEqual([])
    await expect(db.ask(project, "cursor=eyJ4IjoxfQ", listPrices)).rejects.toMatchObject({ code: "invalid_filter" })
  })
})

describe("models without a price", () => {
  test("are named with their calls and days; tokens beside priced calls are not guessed", async () => {
    const project = await db.make.project({ zone: "Asia/Kathmandu" })
    await db.make.spans(project, [
      { at: "2026-11-10T10:00:00Z", provider: "p", model: "dark", cost: null, usage: { input: 5, output: 1 } },
      { at: "2026-11-12T20:00:00Z", provider: "p", model: "dark", cost: null, usage: { input: 7 } },
      { at: "2026-11-13T10:00:00Z", provider: "p", model: "half", cost: null, usage: { input: 100 } },
      { at: "2026-11-13T10:01:00Z", provider: "p", model: "half", cost: "1", usage: { input: 100 } },
      { at: "2026-11-13T10:00:00Z", provider: "p", model: "known", cost: "1", usage: { input: 100 } },
      { at: "2026-06-13T10:00:00Z", provider: "p", model: "long ago", cost: null },
    ])
    await db.make.rollUp(project)
    expect(await db.ask(project, "last=90d", listUnpriced)).toEqual({
      items: [
        {
          provider: "p",
          model: "dark",
          calls: 2,
          tokens: 13,
          is_tokens_partial: false,
          first_day: "2026-11-09T18:15:00.000Z",
          last_day: "2026-11-12T18:15:00.000Z",
        },
        expect.objectContaining({ model: "half", calls: 1, tokens: 0, is_tokens_partial: true }),
      ],
      count: 2,
      calls: 3,
    })
  })
})
