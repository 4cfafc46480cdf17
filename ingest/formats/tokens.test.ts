import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { toAmount } from "./amount"
import { disjoint, toCount } from "./tokens"

const INSIDE = { cache: true, reasoning: true }
const BESIDE = { cache: false, reasoning: true }

describe("a token stands in one bucket", () => {
  test.each([
    [
      "input that holds its cache",
      { input: 2006, output: 300, cacheRead: 1920 },
      INSIDE,
      { input: 86, output: 300, cache_read: 1920 },
      [],
    ],
    [
      "a write and a read inside the input",
      { input: 130_213, output: 0, cacheRead: 128_955, cacheWrite: 1253 },
      INSIDE,
      { input: 5, output: 0, cache_read: 128_955, cache_write: 1253 },
      [],
    ],
    [
      "a cache beside the input",
      { input: 2, output: 10, cacheRead: 84_562, cacheWrite: 7096 },
      BESIDE,
      { input: 2, output: 10, cache_read: 84_562, cache_write: 7096 },
      [],
    ],
    [
      "a cache larger than the input that is said to hold it",
      { input: 2, output: 10, cacheRead: 84_562 },
      INSIDE,
      { input: 2, output: 10, cache_read: 84_562 },
      ["usage_exclusive"],
    ],
    [
      "a total that has the cache beside the input",
      { input: 500, output: 10, cacheRead: 400, total: 910 },
      INSIDE,
      { input: 500, output: 10, cache_read: 400 },
      ["usage_exclusive"],
    ],
    [
      "a total that has the cache inside",
      { input: 500, output: 10, cacheRead: 400, total: 510 },
      BESIDE,
      { input: 100, output: 10, cache_read: 400 },
      ["usage_inclusive"],
    ],
    [
      "a total that has the thoughts beside the output",
      { input: 100, output: 20, reasoning: 50, total: 170 },
      INSIDE,
      { input: 100, output: 20, reasoning: 50 },
      ["reasoning_exclusive"],
    ],
    [
      "thoughts inside the output",
      { input: 1, output: 70, reasoning: 50 },
      INSIDE,
      { input: 1, output: 20, reasoning: 50 },
      [],
    ],
    [
      "more thoughts than output",
      { input: 1, output: 20, reasoning: 50 },
      INSIDE,
      { input: 1, output: 20, reasoning: 50 },
      ["reasoning_exclusive"],
    ],
    [
      "a total that fits nothing",
      { input: 1, output: 2, total: 99 },
      INSIDE,
      { input: 1, output: 2 },
      ["usage_total_differs"],
    ],
    [
      "audio inside both",
      { input: 100, output: 50, audioInput: 30, audioOutput: 20 },
      INSIDE,
      { input: 70, output: 30, audio_input: 30, audio_output: 20 },
      [],
    ],
    ["an output and a total", { output: 20, total: 120 }, INSIDE, { input: 100, output: 20 }, []],
    [
      "writes for an hour are writes",
      { input: 10, cacheWrite: 8, cacheWrite1h: 3 },
      INSIDE,
      { input: 2, cache_write: 8, cache_write_1h: 3 },
      [],
    ],
  ])("%s", (_what, counts, says, usage, flags) => {
    expect(disjoint(counts, says)).toEqual({ usage, flags })
  })

  test("a total alone tells nothing apart", () => {
    expect(disjoint({ total: 12 }, INSIDE)).toBeNull()
    expect(disjoint({}, INSIDE)).toBeNull()
  })

  test("buckets are never negative, and never more than was said", () => {
    const count = fc.option(fc.nat(1_000_000), { nil: undefined })
    const counts = fc.record({
      input: count,
      output: count,
      total: count,
      cacheRead: count,
      cacheWrite: count,
      cacheWrite1h: count,
      reasoning: count,
      audioInput: count,
      audioOutput: count,
    })
    fc.assert(
      fc.property(counts, fc.boolean(), fc.boolean(), (given, cache, reasoning) => {
        const read = disjoint(given, { cache, reasoning })
        if (!read) return
        const { cache_write_1h = 0, ...buckets } = read.usage
        for (const tokens of Object.values(buckets)) expect(tokens).toBeGreaterThanOrEqual(0)
        expect(cache_write_1h).toBeLessThanOrEqual(buckets.cache_write ?? 0)
        const { input = 0, output = 0, cacheRead = 0, reasoning: thoughts = 0, audioInput = 0, audioOutput = 0 } = given
        const write = Math.max(given.cacheWrite ?? 0, given.cacheWrite1h ?? 0)
        const all = Object.values(buckets).reduce((sum, tokens) => sum + tokens, 0)
        const said = Math.max(given.total ?? 0, input + output)
        expect(all).toBeLessThanOrEqual(said + input + output + cacheRead + write + thoughts + audioInput + audioOutput)
      }),
    )
  })

  test("counts are whole numbers or their text", () => {
    expect([toCount(5), toCount("5"), toCount(" 12 "), toCount(3.0)]).toEqual([5, 5, 12, 3])
    expect([toCount(undefined), toCount(null), toCount("")]).toEqual([undefined, undefined, undefined])
    for (const bad of [-1, 1.5, "1.5", "-1", "many", Number.NaN, 1e13, true, {}, "1e3"]) expect(toCount(bad)).toBeNull()
  })
})

test.each([
  [0.00123, "0.00123"],
  [1.5e-7, "0.00000015"],
  ["1.5E-3", "0.0015"],
  ["12e2", "1200"],
  ["+0.5", "0.5"],
  [0.1 + 0.2, "0.3"],
  ["0.0000000000004", "0"],
  ["0.0000000000005", "0.000000000001"],
  [0, "0"],
  ["-0", "0"],
  ["00.10", "0.1"],
  [-1, null],
  ["1e9", null],
  ["1e999", null],
  ["NaN", null],
  ["$5", null],
  ["", null],
  [Number.POSITIVE_INFINITY, null],
  [true, null],
])("the amount %s is %s", (given, amount) => {
  expect(toAmount(given)).toBe(amount)
})
