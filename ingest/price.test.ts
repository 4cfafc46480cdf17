import { describe, expect, test } from "vitest"
import { formatMoney, parseMoney } from "@/lib/money"
import type { Extras, Usage } from "@/lib/vocabulary"
import { emptyUsage } from "./fold-money"
import { PriceBook, type PriceRow, parseRate, promptTokens } from "./price"
import { callOf, priceRow as row } from "./testing-prices"

const use = (usage: Partial<Usage>): Usage => ({ ...emptyUsage(), ...usage })
const priced = (usage: Partial<Usage> & Extras, from: PriceRow) =>
  new PriceBook([from], "1").price(callOf(from.model, usage))
const costOf = (usage: Partial<Usage> & Extras, from: PriceRow) => {
  const found = priced(usage, from)
  return found && `${formatMoney(found.cost)}${found.isEstimated ? " estimated" : ""}`
}

// Rates: Anthropic, Google and OpenAI list prices as LiteLLM's model_prices_and_context_window.json gave them in 2025.
const SONNET = row("claude-sonnet-4-5", {
  input: "0.000003",
  output: "0.000015",
  cache_read: "0.0000003",
  cache_write: "0.00000375",
})
const FLASH = row("gemini-3-flash-preview", { input: "0.0000005", cache_read: "0.00000005", output: "0.000003" })
const MINI = row("gpt-4o-mini", { input: "0.00000015", cache_read: "0.000000075", output: "0.0000006" })

describe("golden table: usage in, exact decimals out", () => {
  test.each<[string, PriceRow, Partial<Usage>, string]>([
    // An inclusive reading of the input gave 0.39 and 0.43 here.
    [
      "130,213 tokens of prompt, nearly all cached",
      SONNET,
      { input: 5, cache_read: 128955, cache_write: 1253 },
      "0.04340025",
    ],
    ["20,212 of prompt, 16,298 cached, 931 out", FLASH, { input: 3914, cache_read: 16298, output: 931 }, "0.0055649"],
    ["2,006 of prompt, 1,920 cached, 300 out", MINI, { input: 86, cache_read: 1920, output: 300 }, "0.0003369"],
    ["one token", MINI, { input: 1 }, "0.00000015"],
    ["nothing used costs nothing", SONNET, {}, "0"],
    ["reasoning without a rate of its own is output, and no estimate", SONNET, { output: 10, reasoning: 90 }, "0.0015"],
    [
      "cached tokens without a rate are input, never free",
      row("m", { input: "0.000002", output: "0.000004" }),
      { cache_read: 500_000 },
      "1 estimated",
    ],
    [
      "cache writes without a rate are input",
      row("m", { input: "0.000002", output: "0" }),
      { cache_write: 3 },
      "0.000006 estimated",
    ],
    [
      "a cached rate of zero is a rate: free",
      row("m", { input: "1", output: "1", cache_read: "0" }),
      { cache_read: 9 },
      "0",
    ],
    [
      "audio falls back to text",
      row("m", { input: "0.1", output: "0.5" }),
      { audio_input: 1, audio_output: 2 },
      "1.1 estimated",
    ],
    ["an unused bucket without a rate is no estimate", row("m", { input: "0.1", output: "0.5" }), { input: 1 }, "0.1"],
    [
      "all buckets with rates of their own",
      row("m", {
        input: "1",
        cache_read: "0.1",
        cache_write: "1.25",
        output: "5",
        reasoning: "6",
        audio_input: "7",
        audio_output: "8",
      }),
      { input: 1, cache_read: 1, cache_write: 1, output: 1, reasoning: 1, audio_input: 1, audio_output: 1 },
      "28.35",
    ],
    [
      "23 decimals of a rate are kept",
      row("m", { input: "0.00000000000000000000001", output: "0" }),
      { input: 3 },
      "0.00000000000000000000003",
    ],
    [
      "a rate that no float holds, times many tokens",
      row("m", { input: "0.0000001", output: "0" }),
      { input: 9_007_199_254_740_991 },
      "900719925.4740991",
    ],
  ])("%s", (_, from, usage, expected) => {
    expect(costOf(usage, from)).toBe(expected)
  })

  test("batches and single calls of the same tokens cost the same: nothing is rounded on the way", () => {
    const single = priced({ input: 1, cache_read: 1, output: 1 }, MINI)?.cost as bigint
    const thousand = priced({ input: 1000, cache_read: 1000, output: 1000 }, MINI)?.cost
    expect(thousand).toBe(single * 1000n)
  })
})

describe("which row prices a request", () => {
  const day = (text: string) => Date.parse(`${text}T00:00:00Z`)
  const book = (...rows: PriceRow[]) => new PriceBook(rows, "1")

  test("the list prices are dollars: a project that counts in another currency has its own or none", () => {
    const [list, own] = [row("m", { input: "1", output: "1" }), row("m", { input: "3", output: "1" }, { projectId: 1 })]
    const foreign = new Set([1])
    expect(new PriceBook([list], "1", [], foreign).price(callOf("m", { input: 1 }))).toBeNull()
    expect(new PriceBook([list], "1", [], foreign).price(callOf("m", { input: 1 }, { projectId: 2 }))).not.toBeNull()
    expect(new PriceBook([list, own], "1", [], foreign).price(callOf("m", { input: 1 }))?.cost).toBe(parseMoney("3"))
  })

  const NOW = day("2026-11-20")
  const find = (of: PriceBook, model: string, { at = NOW, prompt = 0, project = 1, provider = "p" } = {}) =>
    of.find(callOf(model, { input: prompt }, { projectId: project, provider, startedAt: at }))?.row.id ?? null

  test("a long-context tier holds for the whole request, from the first token above its threshold", () => {
    const low = row("gemini-2.5-pro", { input: "0.00000125", cache_read: "0.00000031", output: "0.00001" })
    const high = row(
      "gemini-2.5-pro",
      { input: "0.0000025", cache_read: "0.000000625", output: "0.000015" },
      { promptAbove: 200_000 },
    )
    const of = book(low, high)
    const price = (usage: Partial<Usage>) => {
      return formatMoney(of.price(callOf("gemini-2.5-pro", usage))?.cost as bigint)
    }
    expect(price({ input: 200_000, output: 10 })).toBe("0.2501")
    expect(price({ input: 200_001, output: 10 })).toBe("0.5001525")
    expect(price({ input: 250_000 })).toBe("0.625")
    // The threshold is on the prompt, cached tokens included, output not.
    expect(price({ input: 1, cache_read: 200_000, output: 10 })).toBe("0.1251525")
    expect(price({ input: 100_000, output: 150_000 })).toBe("1.625")
  })

  test("of several tiers the highest that the prompt exceeds", () => {
    const tiers = [0, 128_000, 256_000].map((promptAbove) => row("m", { input: "1", output: "1" }, { promptAbove }))
    const of = book(...[...tiers].reverse())
    expect([128_000, 128_001, 256_000, 256_001].map((prompt) => find(of, "m", { prompt }))).toEqual(
      [0, 1, 1, 2].map((i) => tiers[i]?.id),
    )
  })

  test("the prompt is every token that went in", () => {
    expect(
      promptTokens(use({ input: 1, cache_read: 20, cache_write: 300, audio_input: 4000, output: 5, reasoning: 6 })),
    ).toBe(4321)
  })

  test("the newest row that was valid then; at its first instant it is valid; before the first there is no price", () => {
    const [old, current] = ["2025-01-01", "2026-06-01"].map((d) => row("m", { input: "1" }, { validFrom: day(d) }))
    const of = book(old as PriceRow, current as PriceRow)
    expect(find(of, "m", { at: day("2024-12-31") })).toBeNull()
    expect(find(of, "m", { at: day("2026-06-01") - 1 })).toBe(old?.id)
    expect(find(of, "m", { at: day("2026-06-01") })).toBe(current?.id)
  })

  test("a correction of the same date wins over what it corrects", () => {
    const [wrong, right] = [row("m", { input: "1" }), row("m", { input: "2" })]
    expect(find(book(wrong, right), "m")).toBe(right.id)
    expect(find(book(right, wrong), "m")).toBe(right.id)
  })

  test("a project's own row wins over a newer list row, for that project alone", () => {
    const list = row("m", { input: "2" }, { validFrom: day("2026-10-01") })
    const own = row("m", { input: "1" }, { validFrom: day("2025-01-01"), projectId: 1 })
    const of = book(list, own)
    expect(find(of, "m")).toBe(own.id)
    expect(find(of, "m", { project: 2 })).toBe(list.id)
    expect(find(of, "m", { at: day("2024-01-01") })).toBeNull()
  })

  test("a tier of an older date does not outlive the row that replaced it", () => {
    const tier = row("m", { input: "9" }, { promptAbove: 100, validFrom: day("2025-01-01") })
    const base = row("m", { input: "1" }, { validFrom: day("2026-01-01") })
    expect(find(book(tier, base), "m", { prompt: 500 })).toBe(base.id)
  })

  test("an own price of one tier leaves the others to the list", () => {
    const list = row("m", { input: "2" })
    const own = row("m", { input: "1" }, { serviceTier: "batch", projectId: 1 })
    const of = book(list, own)
    expect(find(of, "m")).toBe(list.id)
    expect(of.find(callOf("m", {}, { serviceTier: "batch" }))?.row.id).toBe(own.id)
  })

  test("a date at the end of the name is left out when the dated name has no row", () => {
    const plain = row("claude-sonnet-4-5", { input: "1" })
    const dated = row("claude-sonnet-4-5-20250929", { input: "2" })
    expect(find(book(plain), "claude-sonnet-4-5-20250929")).toBe(plain.id)
    expect(find(book(plain), "claude-sonnet-4-5-2025-09-29")).toBe(plain.id)
    expect(find(book(plain, dated), "claude-sonnet-4-5-20250929")).toBe(dated.id)
    expect(find(book(dated), "claude-sonnet-4-5")).toBeNull()
  })

  test.each(["gpt-4o-mini", "gpt-4-turbo", "gpt-4-0613", "gpt-4-202509291", "GPT-4", "my-gpt-4", "gpt-4 ", "gpt"])(
    "gpt-4 does not price %j: a part of a name is another model",
    (model) => {
      expect(find(book(row("gpt-4", { input: "1" })), model)).toBeNull()
    },
  )

  test("another provider's price of the same name is no price", () => {
    const of = book(row("m", { input: "1" }, { provider: "azure" }))
    expect(find(of, "m")).toBeNull()
    expect(find(of, "m", { provider: "azure" })).not.toBeNull()
  })

  test("unknown is unpriced, not zero: no provider, no model, no row", () => {
    const of = book(SONNET)
    expect(of.find(callOf("claude-sonnet-4-5", {}, { provider: null }))).toBeNull()
    expect(of.find(callOf(null))).toBeNull()
    expect(of.find(callOf(""))).toBeNull()
    expect(find(of, "claude-unknown")).toBeNull()
    expect(find(book(), "m")).toBeNull()
  })
})

test("a rate that is no plain decimal is refused, not guessed", () => {
  for (const bad of ["1e-6", "NaN", "", " 1", "1,0"]) expect(() => parseRate(bad)).toThrow(RangeError)
  expect(parseRate(null)).toBeNull()
  expect(parseRate("0")).toBe(parseMoney("0"))
})
