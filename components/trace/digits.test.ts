import { describe, expect, test } from "vitest"
import { Digits, parseExactly, writeExactly } from "@/components/trace/digits"

describe("numbers of a JSON text", () => {
  test("that the language cannot hold are kept as they were sent", () => {
    const text =
      '{"id":107505301260286111,"rate":0.12345678901234567890123,"far":-1e400,"near":1e-400,"list":[9007199254740993]}'
    expect(parseExactly(text)).toEqual({
      id: new Digits("107505301260286111"),
      rate: new Digits("0.12345678901234567890123"),
      far: new Digits("-1e400"),
      near: new Digits("1e-400"),
      list: [new Digits("9007199254740993")],
    })
    expect(writeExactly(parseExactly(text))?.replace(/\s/g, "")).toBe(text)
  })
  test("that it holds are numbers, however they are written", () => {
    for (const number of [
      "9007199254740992",
      "1.5000000000000000000",
      "1e21",
      "-0.0",
      "12E-3",
      "100000000000000000000",
    ])
      expect(parseExactly(`[${number}]`)).toEqual([Number(number)])
  })
  test("within strings and keys are text", () => {
    const text = String.raw`{"107505301260286111":"\"107505301260286111\\","a":107505301260286113}`
    expect(parseExactly(text)).toEqual({
      "107505301260286111": '"107505301260286111\\',
      a: new Digits("107505301260286113"),
    })
  })
  test("are left to the language in a text that has the mark: nothing in it passes for digits", () => {
    expect(parseExactly(String.raw`["\ue000 <b>",107505301260286113]`)).toEqual(["\ue000 <b>", 107505301260286110])
  })
  test("what is nested too deeply to be written is no error of the page", () => {
    expect(writeExactly(parseExactly("[".repeat(30_000) + "]".repeat(30_000)))).toBeNull()
  })
})
