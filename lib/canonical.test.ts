import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { canonicalJson } from "./canonical"

/** The rule, spelled out. */
function byTheRule(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(byTheRule).join(",")}]`
  if (value === null || typeof value !== "object") return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${byTheRule((value as Record<string, unknown>)[key])}`).join(",")}}`
}

/** Numbers come before all other keys of an object, whatever the order they are put in. */
const KEYS = fc.oneof(
  fc.string(),
  fc.integer({ min: 0, max: 20 }).map(String),
  fc.constantFrom("__proto__", "toString", "10", "9"),
)
const { value: VALUE } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, fc.jsonValue(), fc.array(tie("value")), fc.array(fc.tuple(KEYS, tie("value")))),
}))

describe("canonical JSON", () => {
  test("is one text per value, by the rule, whatever the order of its keys", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(KEYS, VALUE), { maxLength: 12 }), (pairs) => {
        const record = Object.fromEntries(pairs)
        const turned = Object.fromEntries([...pairs].reverse().filter(([key]) => Object.hasOwn(record, key)))
        expect(canonicalJson(record)).toBe(byTheRule(record))
        if (new Set(pairs.map(([key]) => key)).size === pairs.length)
          expect(canonicalJson(turned)).toBe(byTheRule(record))
      }),
      { numRuns: 500 },
    )
  })

  test("leaves out what is undefined, and changes nothing that it is given", () => {
    const given = { b: 1, a: { d: undefined, c: [{ z: 1, y: 2 }] } }
    expect(canonicalJson(given)).toBe('{"a":{"c":[{"y":2,"z":1}]},"b":1}')
    expect(Object.keys(given)).toEqual(["b", "a"])
    expect(Object.keys(given.a.c[0] as object)).toEqual(["z", "y"])
  })
})
