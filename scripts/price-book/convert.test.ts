import { describe, expect, it } from "vitest"
import book from "@/db/price-book.json"
import { parseMoney } from "@/lib/money"
import { convert, parseNumbersAsText, plainDecimal } from "@/scripts/price-book/convert"

const file = (models: Record<string, string>) =>
  `{${Object.entries(models)
    .map(([name, entry]) => `"${name}":{${entry}}`)
    .join(",")}}`
const CHAT = `"mode":"chat","input_cost_per_token":3e-06,"output_cost_per_token":1.5e-05`

describe("making the price book", () => {
  it("a rate is the source's decimal, digit for digit", () => {
    expect(plainDecimal("2.5e-06")).toBe("0.0000025")
    expect(plainDecimal("3.625e-09")).toBe("0.000000003625")
    expect(plainDecimal("0.000168")).toBe("0.000168")
    expect(plainDecimal("1.50")).toBe("1.5")
    expect(plainDecimal("12e2")).toBe("1200")
    expect(plainDecimal("0.0")).toBe("0")
    expect(() => plainDecimal("NaN")).toThrow(RangeError)
    expect(parseNumbersAsText('{"a 1":0.1000000000000000055,"b":"2e5"}')).toEqual({
      "a 1": "0.1000000000000000055",
      b: "2e5",
    })
  })

  it("a tier is a row of its own, with the base rate where it names none", () => {
    const rows = convert(
      file({
        a: `"litellm_provider":"anthropic",${CHAT},"cache_read_input_token_cost":3e-07,"input_cost_per_token_above_200k_tokens":6e-06,"output_cost_per_token_above_200k_tokens":2.25e-05`,
      }),
      "2026-07-24",
    )
    expect(rows.map((row) => [row.prompt_above, row.input, row.cache_read, row.output])).toEqual([
      [0, "0.000003", "0.0000003", "0.000015"],
      [200000, "0.000006", "0.0000003", "0.0000225"],
    ])
  })

  it("xAI charges the higher rate from its limit on, so the row holds above one token less", () => {
    const entry = `"litellm_provider":"xai",${CHAT},"input_cost_per_token_above_128k_tokens":6e-06`
    expect(convert(file({ "xai/grok-4": entry }), "2026-07-24").map((row) => [row.model, row.prompt_above])).toEqual([
      ["grok-4", 0],
      ["grok-4", 127_999],
    ])
  })

  it("a rate of zero is unknown: the model is left out, or the rate absent", () => {
    const rows = convert(
      file({
        free: `"litellm_provider":"gemini","mode":"chat","input_cost_per_token":1e-07,"output_cost_per_token":0`,
        kept: `"litellm_provider":"deepseek",${CHAT},"cache_creation_input_token_cost":0.0`,
        vector: `"litellm_provider":"openai","mode":"embedding","input_cost_per_token":1e-07`,
        "ft:gpt-4o": `"litellm_provider":"openai",${CHAT}`,
        picture: `"litellm_provider":"openai","mode":"image_generation","input_cost_per_token":1e-07,"output_cost_per_token":1e-07`,
      }),
      "2026-07-24",
    )
    expect(rows.map((row) => [row.model, row.cache_write, row.output])).toEqual([
      ["kept", null, "0.000015"],
      ["vector", null, "0"],
    ])
  })

  it("the book has the current models of the main providers, once per tier, with rates that are no thousandfold slips", () => {
    expect(new Set(book.map((row) => row.provider))).toEqual(
      new Set(["openai", "anthropic", "google", "mistral", "deepseek", "xai", "groq", "cohere"]),
    )
    expect(new Set(book.map((row) => `${row.provider} ${row.model}`)).size).toBeGreaterThanOrEqual(120)
    expect(new Set(book.map((row) => `${row.provider} ${row.model} ${row.prompt_above}`)).size).toBe(book.length)
    for (const row of book) {
      expect(parseMoney(row.input)).toBeGreaterThan(0n)
      expect(parseMoney(row.input)).toBeLessThan(parseMoney("0.0003"))
    }
    const sonnet = book.find((row) => row.model === "claude-sonnet-4-5" && row.prompt_above === 0)
    expect(sonnet).toMatchObject({
      provider: "anthropic",
      input: "0.000003",
      cache_read: "0.0000003",
      cache_write: "0.00000375",
      output: "0.000015",
    })
  })
})
