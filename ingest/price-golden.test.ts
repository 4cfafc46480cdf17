import { describe, expect, test } from "vitest"
import shipped from "@/db/price-book.json"
import { formatMoney, parseMoney } from "@/lib/money"
import { RATE_NAMES } from "@/lib/price-lines"
import { foldSpan } from "./fold-span"
import { PriceBook, type PriceRow, parseRate } from "./price"
import type { ListPrice } from "./price-book"
import { countedSpans } from "./run-work"
import { toLedger } from "./testing-events"
import { GOLDEN } from "./testing-golden"
import { callOf } from "./testing-prices"

const ROWS = (shipped as ListPrice[]).map(
  (row, id): PriceRow => ({
    id,
    projectId: null,
    provider: row.provider,
    model: row.model,
    validFrom: Date.parse(row.valid_from),
    promptAbove: row.prompt_above ?? 0,
    serviceTier: row.service_tier ?? "standard",
    rates: Object.fromEntries(RATE_NAMES.map((name) => [name, parseRate(row[name] ?? null)])) as PriceRow["rates"],
  }),
)
const BOOK = new PriceBook(ROWS, "shipped")

describe("golden table: the shipped list prices, exact decimals out", () => {
  test("holds at least sixty priced usages", () => {
    expect(GOLDEN.filter(([, , , , cost]) => cost !== null).length).toBeGreaterThanOrEqual(60)
    expect(new Set(GOLDEN.map(([title]) => title)).size).toBe(GOLDEN.length)
  })

  test.each(GOLDEN.map((row) => [row[0], row] as const))("%s", (_, [, provider, model, usage, cost, sum, more]) => {
    const call = { ...callOf(model, usage ?? {}, more), provider, ...(usage === null ? { usage: null } : {}) }
    const found = BOOK.price(call)
    expect(found && `${formatMoney(found.cost)}${found.isEstimated ? " estimated" : ""}`).toBe(cost)
    if (found) expect(bySum(sum)).toBe(formatMoney(found.cost))
  })
})

/** `5 × 0.000003 + …` in whole numbers of 10^-24. */
function bySum(text: string): string {
  const parts = text.split(" + ").map((part) => {
    const [count = "", rate = ""] = part.split(" × ")
    return BigInt(count) * parseMoney(rate)
  })
  return formatMoney(parts.reduce((sum, part) => sum + part, 0n))
}

describe("classic errors that are no matter of rates", () => {
  const span = (id: string, more: object) => ({
    id,
    type: "span",
    run: "r",
    span: "s",
    kind: "llm",
    start: "2026-11-20T10:00:00Z",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    ...more,
  })
  const costOf = (events: readonly unknown[]) => {
    const state = foldSpan(toLedger(events))
    const priced = BOOK.price(state)
    return priced && formatMoney(priced.cost)
  }

  test("5 a roll-up never adds to the calls below it, and counts alone while there are none", () => {
    const node = (spanId: string, parentId: string | null, isLeaf: boolean) => ({
      spanId,
      parentId,
      isLeaf,
      hasMoney: true,
    })
    const counted = countedSpans([node("agent", null, false), node("step", "agent", false), node("call", "step", true)])
    expect([...counted]).toEqual([
      ["agent", false],
      ["step", false],
      ["call", true],
    ])
    expect(countedSpans([node("agent", null, false)]).get("agent")).toBe(true)
  })

  test("10 the output of a stream is a running total: the last one counts, in whatever order they come", () => {
    const parts = [
      span("a", { seq: 1, usage: { input: 1000, output: 1 } }),
      span("b", { seq: 2, usage: { output: 40 } }),
      span("c", { seq: 3, usage: { output: 100 } }),
    ]
    for (const events of [parts, [...parts].reverse()]) expect(costOf(events)).toBe("0.0045")
  })

  test("11 the same usage said again by the same span is the same call", () => {
    expect(costOf([span("a", { usage: { input: 1000 } }), span("b", { usage: { input: 1000 } })])).toBe("0.003")
  })

  test("9 the model that answered counts, whichever event names it, and is what spend is grouped by", () => {
    const asked = span("a", { model: "claude-opus-4-6", usage: { input: 1000 } })
    const answered = span("b", { model: undefined, response_model: "claude-haiku-4-5-20251001" })
    for (const events of [
      [asked, answered],
      [answered, asked],
    ]) {
      expect(foldSpan(toLedger(events))).toMatchObject({
        model: "claude-haiku-4-5-20251001",
        askedModel: "claude-opus-4-6",
      })
      expect(costOf(events)).toBe("0.001")
    }
  })
})
