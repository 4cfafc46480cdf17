import { describe, expect, it } from "vitest"
import { pack, unpack } from "@/components/data/pack"

const through = (value: unknown) => unpack(JSON.parse(JSON.stringify(pack(value))))
const points = Array.from({ length: 90 }, (_, day) => ({
  cost: String(day),
  calls: day % 3,
  runs: null,
  at: { zone: "UTC" },
}))

describe("a packed answer", () => {
  it("comes back as JSON would have brought it", () => {
    const odd = [
      points,
      { series: [points, points, points], total: null },
      [1, "a", null, [], {}, [{}], [{ a: 1 }]],
      [{ a: 1 }, { a: 1, b: 2 }, { a: 3 }],
      [
        { a: 1, b: undefined },
        { a: 2, b: undefined },
        { a: 3, b: undefined },
      ],
      [{ a: [1] }, { a: [1, 2, 3] }, { a: [] }],
      [{ a: null }, { a: { b: 1 } }, { a: [1] }],
      [{ at: new Date(0) }, { at: new Date(0) }, { at: new Date(1) }],
    ]
    for (const value of odd) expect(through(value)).toEqual(JSON.parse(JSON.stringify(value)))
  })

  it("says the names of fields once, and a value that is the same all the way", () => {
    expect(JSON.stringify(pack(points)).length).toBeLessThan(JSON.stringify(points).length / 3)
    expect(JSON.stringify(pack(points)).split("calls")).toHaveLength(2)
  })

  it("takes nobody's own object for a list, whatever it is called", () => {
    for (const text of [
      '{"$columns":["a"],"rows":3,"columns":[[1]]}',
      '{"$columns":null,"entries":[["a",1]]}',
      '[{"$columns":1},{"$columns":2},{"$columns":3}]',
      '[{"__proto__":{"x":1}},{"__proto__":2},{"__proto__":3}]',
      '[{"__proto__":1},{"team":"a"},{"team":"b"}]',
      '[{"constructor":"x"},{"team":"a"},{"team":"b"}]',
      '{"__proto__":{"polluted":true},"constructor":1}',
    ])
      expect(JSON.stringify(through(JSON.parse(text)))).toBe(text)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
