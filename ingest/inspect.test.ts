import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cutText, inspect, LIMITS } from "./inspect"

const nested = (levels: number): unknown => {
  let value: unknown = 1
  for (let i = 0; i < levels; i++) value = [value]
  return value
}
const kept = (raw: Record<string, unknown>) => {
  const result = inspect(raw)
  if (!result.ok) throw new Error(result.code)
  return result
}

describe("free text is mended and flagged, never a reason to lose an event", () => {
  test.each([
    ["B12 a NUL", "a\u0000b", "a\ufffdb"],
    ["B12 other control characters", "\u0001\u001b[31m\u007f", "\ufffd\ufffd[31m\ufffd"],
    ["B14 half a surrogate pair", "a\ud800", "a\ufffd"],
    ["B14 the other half", "\udc00b", "\ufffdb"],
  ])("%s", (_, text, clean) => {
    expect(kept({ error: text })).toEqual({ ok: true, sanitized: true, isOrdered: false, value: { error: clean } })
    expect(kept({ a: [{ b: [text] }] })).toEqual({
      ok: true,
      sanitized: true,
      isOrdered: false,
      value: { a: [{ b: [clean] }] },
    })
  })

  test("B13 a key with control characters is mended like text", () => {
    expect(kept({ input: { "a\u0000": 1 } })).toEqual({
      ok: true,
      sanitized: true,
      isOrdered: false,
      value: { input: { "a\ufffd": 1 } },
    })
  })

  test.each([
    "line\nbreak\tand\rreturn",
    "👩‍👩‍👧‍👦 family",
    "שלום عالم",
    "'; drop table runs;-- %_\\",
    "Z̸̡a",
    "\u2028\u2029\ufeff",
    "",
  ])("B29 B37 %j is kept as it is, and not copied", (text) => {
    const raw = { name: text, [text]: text }
    const result = kept(raw)
    expect(result).toEqual({ ok: true, sanitized: false, isOrdered: expect.any(Boolean), value: raw })
    expect(result.value).toBe(raw)
  })

  test("whatever comes in, what comes out can be stored: well-formed, without control characters", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ stringUnit: "binary", maxDepth: 4 })),
        (raw) => {
          const text = JSON.stringify(kept(raw).value)
          // JSON escapes what is not well-formed and what is a control character.
          expect(text).not.toMatch(/\\u(d[89a-f]|00(0[0-8bcef]|1|7f))/)
          expect(JSON.stringify(kept(kept(raw).value).value)).toBe(text)
        },
      ),
    )
  })
})

describe("I11 limits, at the limit and one past it", () => {
  test("text of 64 Ki is kept; one more is cut, with its whole length beside it", () => {
    const text = "x".repeat(LIMITS.text)
    expect(kept({ error: text })).toMatchObject({ sanitized: false, value: { error: text } })
    expect(kept({ error: `${text}y` })).toMatchObject({
      sanitized: true,
      value: { error: `${text}… [truncated: ${LIMITS.text + 1} characters in all]` },
    })
  })

  test("depth 32", () => {
    // The event itself is the first level.
    expect(kept({ input: nested(LIMITS.depth - 1) }).sanitized).toBe(false)
    expect(inspect({ input: nested(LIMITS.depth) })).toMatchObject({ ok: false, code: "too_deep" })
    expect(inspect({ input: nested(100_000) })).toMatchObject({ ok: false, code: "too_deep" })
  })

  test("1,000 keys in an object", () => {
    const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]))
    expect(kept({ input: keys(LIMITS.keys) }).sanitized).toBe(false)
    expect(inspect({ input: keys(LIMITS.keys + 1) })).toEqual({ ok: false, code: "too_many", field: "input" })
    expect(inspect(keys(LIMITS.keys + 1))).toEqual({ ok: false, code: "too_many", field: "" })
  })

  test("10,000 items in an array", () => {
    const items = (count: number) => Array.from({ length: count }, () => 0)
    expect(kept({ input: items(LIMITS.items) }).sanitized).toBe(false)
    expect(inspect({ a: { b: items(LIMITS.items + 1) } })).toEqual({ ok: false, code: "too_many", field: "a.b" })
  })

  test("B15 a number that JSON cannot say back is refused, with its place", () => {
    for (const text of ["1e400", "-1e400", "1e200000", "9".repeat(400)])
      expect(inspect(JSON.parse(`{"input":{"list":[0,${text}]}}`))).toEqual({
        ok: false,
        code: "number_out_of_range",
        field: "input.list[1]",
      })
    expect(kept(JSON.parse('{"score":1e308,"small":5e-324}')).sanitized).toBe(false)
  })
})

describe("B28 names of the prototype are plain data", () => {
  const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"]
  test("on every level, mended or not, and nothing else changes", () => {
    for (const name of names) {
      for (const text of ["plain", "with \u0000"]) {
        const inner = `{"${name}":{"isAdmin":true,"t":${JSON.stringify(text)}}}`
        const { value } = kept(JSON.parse(`{"${name}":${inner},"input":[${inner}]}`))
        expect(Object.keys(value)).toEqual([name, "input"])
        expect(JSON.stringify(value)).toContain(`"${name}":{"${name}":{"isAdmin":true`)
        expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
      }
    }
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
  })
})

describe("B29 text is cut between characters as people see them", () => {
  test.each([
    ["ab👩‍👩‍👧‍👦", 5, "ab"],
    ["ab👩‍👩‍👧‍👦c", 13, "ab👩‍👩‍👧‍👦"],
    ["e\u0301e\u0301", 3, "e\u0301"],
    ["abc", 3, "abc"],
    ["🙂🙂", 3, "🙂"],
  ])("%s to %i", (text, length, expected) => {
    expect(cutText(text, length)).toBe(expected)
  })

  test("a character longer than the limit is cut inside, and is still well-formed", () => {
    const zalgo = `a${"\u0301".repeat(2_000)}`
    expect(cutText(zalgo, 1_000)).toBe(zalgo.slice(0, 1_000))
    expect(cutText(`${"x".repeat(900)}${"🙂\u200d".repeat(500)}`, 1_000).isWellFormed()).toBe(true)
  })

  test("never longer than asked, always a beginning, always well-formed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), fc.integer({ min: 1, max: 500 }), (text, length) => {
        const cut = cutText(text, length)
        expect(cut.length).toBeLessThanOrEqual(length)
        expect(cut.isWellFormed()).toBe(true)
        expect(text.startsWith(cut) || cut.endsWith("\ufffd")).toBe(true)
      }),
    )
  })
})
