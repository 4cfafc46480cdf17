import { describe, expect, test } from "vitest"
import { readCost, readUsage } from "./langfuse-usage"

/** Only what is not zero. */
const read = (body: Record<string, unknown>) => {
  const got = readUsage(body)
  if (got === null) return null
  const buckets = Object.fromEntries(Object.entries(got.usage).filter(([, count]) => count !== 0))
  return got.flags.length > 0 ? { ...buckets, flags: got.flags } : buckets
}

describe("tokens", () => {
  test.each([
    [
      "each key is a bucket of its own",
      { input: 6, output: 5, input_cached_tokens: 4 },
      { input: 6, cache_read: 4, output: 5 },
    ],
    [
      "Anthropic's raw names",
      { input_tokens: 2, cache_read_input_tokens: 84562, cache_creation_input_tokens: 7096, output_tokens: 9 },
      { input: 2, cache_read: 84562, cache_write: 7096, output: 9 },
    ],
    [
      "writes of five minutes and an hour",
      { input: 1, input_cache_creation_5m: 10, input_cache_creation_1h: 20 },
      { input: 1, cache_write: 30, cache_write_1h: 20 },
    ],
    [
      "the same, named whole as well",
      { input_cache_creation: 30, input_cache_creation_5m: 10, input_cache_creation_1h: 20 },
      { cache_write: 30, cache_write_1h: 20 },
    ],
    [
      "OpenAI's chat form: details are parts",
      {
        prompt_tokens: 2006,
        completion_tokens: 300,
        total_tokens: 2306,
        prompt_tokens_details: { cached_tokens: 1920, audio_tokens: 6, text_tokens: 2000 },
        completion_tokens_details: { reasoning_tokens: 100, accepted_prediction_tokens: 7, audio_tokens: null },
      },
      { input: 80, cache_read: 1920, audio_input: 6, output: 200, reasoning: 100 },
    ],
    [
      "OpenAI's responses form",
      { input_tokens: 50, output_tokens: 9, input_tokens_details: { cached_tokens: 40 }, output_tokens_details: null },
      { input: 10, cache_read: 40, output: 9 },
    ],
    [
      "details larger than their total stand beside it",
      { prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 100 } },
      { input: 5, cache_read: 100, output: 1, flags: ["usage_exclusive"] },
    ],
    [
      "a total that only input and output make: they hold their parts",
      { input: 100, cache_read_input_tokens: 80, output: 10, output_reasoning_tokens: 4, total: 110 },
      { input: 20, cache_read: 80, output: 6, reasoning: 4, flags: ["usage_inclusive"] },
    ],
    [
      "a total that all make: they stand side by side",
      { input: 20, cache_read_input_tokens: 80, output: 10, total: 110 },
      { input: 20, cache_read: 80, output: 10 },
    ],
    [
      "input holds its parts, output does not",
      { input: 100, cache_read_input_tokens: 80, output: 10, output_reasoning: 5, total: 115 },
      { input: 20, cache_read: 80, output: 10, reasoning: 5, flags: ["usage_inclusive"] },
    ],
    [
      "a total that nothing makes is said",
      { input: 1, output: 2, total: 9 },
      { input: 1, output: 2, flags: ["usage_total_differs"] },
    ],
    [
      "never below zero",
      { input: 5, cache_read_input_tokens: 80, total: 5 },
      { input: 5, cache_read: 80, flags: ["usage_total_differs"] },
    ],
    [
      "other parts count with their side",
      { input: 1, input_image_tokens: 5, output_text: 3, images: 2 },
      { input: 6, output: 3 },
    ],
    ["text of numbers is read, the rest left out", { input: "12", output: "many", total: null }, { input: 12 }],
    ["a total alone is unknown", { total: 15 }, null],
    ["nothing is unknown, not zero", { input: null }, null],
  ])("%s", (_, usageDetails, wanted) => {
    expect(read({ usageDetails })).toEqual(wanted)
  })

  test("usageDetails win over usage, in any of its forms; other units are no tokens", () => {
    expect(read({ usage: { promptTokens: 10, completionTokens: 5, totalTokens: 15 } })).toEqual({
      input: 10,
      output: 5,
    })
    expect(read({ usage: { input: 10, output: 5, total: 15, unit: "TOKENS", inputCost: 1 } })).toEqual({
      input: 10,
      output: 5,
    })
    expect(read({ usage: { input: 10 }, usageDetails: { input: 6 } })).toEqual({ input: 6 })
    expect(read({ usage: { input: 10 }, usageDetails: {} })).toEqual({ input: 10 })
    expect(read({ usage: { input: 10, unit: "CHARACTERS" } })).toBeNull()
    expect(read({})).toBeNull()
  })
})

describe("money", () => {
  test.each([
    [{ costDetails: { total: 0.001, input: 9 } }, "0.001"],
    [{ costDetails: { input: 0.1, output: 0.2 } }, "0.3"],
    [{ costDetails: { input: 0.1, cache_read: 0.2 } }, null],
    [{ costDetails: { total: 1e-7 } }, "0.0000001"],
    [{ costDetails: { total: "2.5E-3" } }, "0.0025"],
    [{ costDetails: { total: 1.5e-13 } }, "0"],
    [{ costDetails: { total: 0.30000000000000004 } }, "0.3"],
    [{ costDetails: { total: 1.23e4 } }, "12300"],
    [{ costDetails: { total: 0 } }, "0"],
    [{ usage: { totalCost: 0.5, inputCost: 0.1 } }, "0.5"],
    [{ usage: { inputCost: 0.1, outputCost: 0.2 } }, "0.3"],
    [{ costDetails: {} }, null],
    [{}, null],
  ])("%j is %s", (body, wanted) => {
    expect(readCost(body)).toBe(wanted)
  })
})
