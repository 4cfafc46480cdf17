import { describe, expect, it } from "vitest"
import shipped from "@/db/price-book.json"
import { parseMoney } from "@/lib/money"
import { ALWAYS, convertLitellm, parseNumbersAsText, plainDecimal } from "./litellm"
import type { ListPrice } from "./price-book"

const file = (models: Record<string, string>) =>
  `{${Object.entries(models)
    .map(([name, entry]) => `"${name}":{${entry}}`)
    .join(",")}}`
const book = shipped as ListPrice[]
const convert = (json: string) => convertLitellm(json, { validFrom: ALWAYS, sourceDate: "2026-07-24" })
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
    )
    expect(rows.map((row) => [row.prompt_above, row.input, row.cache_read, row.output])).toEqual([
      [undefined, "0.000003", "0.0000003", "0.000015"],
      [200000, "0.000006", "0.0000003", "0.0000225"],
    ])
  })

  it("xAI charges the higher rate from its limit on, so the row holds above one token less", () => {
    const entry = `"litellm_provider":"xai",${CHAT},"input_cost_per_token_above_128k_tokens":6e-06`
    expect(convert(file({ "xai/grok-4": entry })).map((row) => [row.model, row.prompt_above])).toEqual([
      ["grok-4", undefined],
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
    )
    expect(rows.map((row) => [row.model, row.cache_write, row.output])).toEqual([
      ["kept", undefined, "0.000015"],
      ["ft:gpt-4o", undefined, "0.000015"],
      ["picture", undefined, "0.0000001"],
      ["vector", undefined, "0"],
    ])
  })

  it("a service tier is a row of its own; above a limit it takes the rate of that limit before its own short one", () => {
    const rows = convert(
      file({
        a: `"litellm_provider":"openai",${CHAT},"cache_read_input_token_cost":3e-07,"input_cost_per_token_priority":6e-06,"output_cost_per_token_priority":3e-05,
          "input_cost_per_token_above_272k_tokens":7e-06,"cache_read_input_token_cost_above_272k_tokens":7e-07,"input_cost_per_token_above_272k_tokens_priority":1.2e-05`,
      }),
    )
    expect(rows.map((row) => [row.service_tier, row.prompt_above, row.input, row.cache_read, row.output])).toEqual([
      [undefined, undefined, "0.000003", "0.0000003", "0.000015"],
      [undefined, 272_000, "0.000007", "0.0000007", "0.000015"],
      ["priority", undefined, "0.000006", "0.0000003", "0.00003"],
      ["priority", 272_000, "0.000012", "0.0000007", "0.00003"],
    ])
  })

  it("an hour of cache, images, searches and requests have rates of their own", () => {
    const rows = convert(
      file({
        "claude-x": `"litellm_provider":"anthropic",${CHAT},"cache_creation_input_token_cost":3.75e-06,"cache_creation_input_token_cost_above_1hr":6e-06,
          "search_context_cost_per_query":{"search_context_size_low":0.01,"search_context_size_medium":0.02},"provider_specific_entry":{"us":1.1,"fast":6.0}`,
        "dall-e-3": `"litellm_provider":"openai","mode":"image_generation","input_cost_per_image":0.04`,
        "high/1024-x-1024/gpt-image-1": `"litellm_provider":"openai","mode":"image_generation","input_cost_per_image":0.1`,
        "gpt-image-1": `"litellm_provider":"openai","mode":"image_generation","input_cost_per_token":5e-06,"input_cost_per_image_token":1e-05,"output_cost_per_image_token":4e-05`,
        "cohere.rerank": `"litellm_provider":"bedrock","mode":"rerank","input_cost_per_query":0.002,"input_cost_per_token":0.0,"output_cost_per_token":0.0`,
      }),
    )
    const of = (model: string, tier?: string) => rows.find((row) => row.model === model && row.service_tier === tier)
    expect(of("claude-x")).toMatchObject({ cache_write: "0.00000375", cache_write_1h: "0.000006", search: "0.02" })
    expect(of("claude-x", "fast")).toMatchObject({ input: "0.000018", output: "0.00009", cache_write_1h: "0.000036" })
    expect(of("dall-e-3")).toMatchObject({ input: "0", output: "0", image: "0.04" })
    expect(of("gpt-image-1")).toMatchObject({
      input: "0.000005",
      image_input: "0.00001",
      output: "0.00004",
      image_output: "0.00004",
    })
    expect(of("cohere.rerank")).toMatchObject({ provider: "bedrock", input: "0", output: "0", request: "0.002" })
    expect(rows).toHaveLength(5)
  })

  it("ranges of the prompt are tiers, and a price a thousand times too high is a slip of units", () => {
    const ranges = `"tiered_pricing":[{"range":[0,32000.0],"input_cost_per_token":1e-06,"output_cost_per_token":2e-06},{"range":[32000.0,1e6],"input_cost_per_token":2e-06,"output_cost_per_token":4e-06}]`
    const rows = convert(
      file({
        "dashscope/q": `"litellm_provider":"dashscope","mode":"chat",${ranges}`,
        "wandb/slip": `"litellm_provider":"wandb","mode":"chat","input_cost_per_token":0.1,"output_cost_per_token":0.15`,
      }),
    )
    expect(rows.map((row) => [row.provider, row.model, row.prompt_above, row.input])).toEqual([
      ["dashscope", "q", undefined, "0.000001"],
      ["dashscope", "q", 32_000, "0.000002"],
    ])
  })

  it("what is no such file is refused", () => {
    for (const bad of ["", "[]", "3", "{", '{"a":{"litellm_provider":"x","mode":"chat","input_cost_per_token":-1}}'])
      expect(() => convert(bad)).toThrow()
  })

  it("the book has the current models of the main providers, once per tier, with rates that are no thousandfold slips", () => {
    const providers = new Set(book.map((row) => row.provider))
    for (const name of [
      "openai",
      "anthropic",
      "google",
      "vertex_ai",
      "bedrock",
      "azure",
      "mistral",
      "deepseek",
      "xai",
      "groq",
    ])
      expect(providers).toContain(name)
    expect(new Set(book.map((row) => `${row.provider} ${row.model}`)).size).toBeGreaterThanOrEqual(2400)
    const keys = book.map((row) => `${row.provider} ${row.model} ${row.service_tier} ${row.prompt_above}`)
    expect(new Set(keys).size).toBe(book.length)
    for (const row of book) {
      expect(parseMoney(row.input) > 0n || row.image !== undefined || row.request !== undefined).toBe(true)
      expect(parseMoney(row.input)).toBeLessThan(parseMoney("0.0003"))
    }
    const sonnet = book.find((row) => row.model === "claude-sonnet-4-5" && row.prompt_above === undefined)
    expect(sonnet).toMatchObject({
      provider: "anthropic",
      input: "0.000003",
      cache_read: "0.0000003",
      cache_write: "0.00000375",
      output: "0.000015",
    })
  })
})
