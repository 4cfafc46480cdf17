import fc from "fast-check"
import { expect, test } from "vitest"
import { type Attributes, put } from "./model"
import { shapeOf } from "./shape"

const NAMES = ["a", "a.b", "b.a", "ab", "a.c", "1", "__proto__", "toString", "gen_ai.x", ".", ""]
const TABLE = ["b.a", "a", "toString", "constructor", "a.c"]
const USAGE = { input: ["a.b", "a"], output: ["nothing"], holds: { cache: true, reasoning: true } }

test("a shape says what the names say, whichever spans came before", () => {
  fc.assert(
    fc.property(fc.array(fc.shuffledSubarray(NAMES), { maxLength: 30 }), (spans) => {
      for (const names of spans) {
        const attributes: Attributes = {}
        for (const name of names) put(attributes, name, 1)
        const shape = shapeOf(attributes)
        const keys = Object.keys(attributes)
        expect(shape.names).toEqual(keys)
        expect(shape.sorted).toEqual(keys.toSorted())
        expect([...shape.families]).toEqual([...new Set(keys.map((key) => key.split(".")[0]))])
        expect(shape.given(TABLE)).toEqual(TABLE.filter((name) => names.includes(name)))
        const input = USAGE.input.filter((name) => names.includes(name))
        expect(shape.usage(USAGE)).toEqual({ input, output: [], holds: USAGE.holds })
      }
    }),
    { numRuns: 200 },
  )
})

test("what has very many or very long names is not kept", () => {
  const wide = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`n${i}`, i]))
  const long = { ["x".repeat(5_000)]: 1 }
  for (const attributes of [wide, long]) expect(shapeOf(attributes)).not.toBe(shapeOf(attributes))
  expect(shapeOf({ a: 1, b: 2 })).toBe(shapeOf({ a: 3, b: 4 }))
})
