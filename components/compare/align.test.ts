import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { align } from "./align"

const lay = (a: string, b: string) =>
  align([...a], [...b], (name) => name)
    .map(({ a: left, b: right }) => (left !== null && right !== null ? left : left !== null ? `-${left}` : `+${right}`))
    .join(" ")

describe("align", () => {
  test.each([
    ["abc", "abc", "a b c"],
    ["abc", "ac", "a -b c"],
    ["ac", "abc", "a +b c"],
    ["abc", "axc", "a -b +x c"],
    ["", "ab", "+a +b"],
    ["ab", "", "-a -b"],
    ["", "", ""],
    ["ab", "ba", "-a b +a"],
  ])("%s beside %s", (a, b, expected) => {
    expect(lay(a, b)).toBe(expected)
  })

  test("each side keeps all of its items in their order, and a line never joins two names", () => {
    const names = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 })
    fc.assert(
      fc.property(names, names, (a, b) => {
        const lines = align(a, b, (name) => name)
        expect(lines.flatMap((line) => (line.a === null ? [] : [line.a]))).toEqual(a)
        expect(lines.flatMap((line) => (line.b === null ? [] : [line.b]))).toEqual(b)
        for (const line of lines) if (line.a !== null && line.b !== null) expect(line.a).toBe(line.b)
      }),
    )
  })
})
