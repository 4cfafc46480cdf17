import { describe, expect, test } from "vitest"
import { type CsvColumn, csvHeader, csvLine, csvNumber, csvText } from "@/lib/csv"

describe("csv", () => {
  test.each([
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\0=1",
    " =1",
    '"=1',
    ",=1",
    ";=1",
    "'=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
  ])("B46 %j cannot begin a formula", (value) => {
    expect(csvText(value).startsWith("\"'")).toBe(true)
  })

  test("B46 a number column keeps its sign; text in it is refused", () => {
    expect(csvNumber("-5.00")).toBe("-5.00")
    expect(csvNumber(3)).toBe("3")
    for (const bad of ["=1", "1e3", "NaN", "", "1,000"]) expect(() => csvNumber(bad)).toThrow(RangeError)
  })

  test("ordinary text is left as it is; quotes and line breaks stay inside their cell", () => {
    expect(csvText("claude-sonnet-4-5")).toBe('"claude-sonnet-4-5"')
    expect(csvText('a "b"\r\nc,d')).toBe('"a ""b""\r\nc,d"')
  })

  test("absent and empty are told apart", () => {
    const columns: CsvColumn<{ a: string | null; n: number | null }>[] = [
      { name: "a", kind: "text", of: (row) => row.a },
      { name: "n", kind: "number", of: (row) => row.n },
    ]
    expect(csvHeader(columns)).toBe("a,n\r\n")
    expect(csvLine(columns, { a: null, n: null })).toBe(",\r\n")
    expect(csvLine(columns, { a: "", n: 0 })).toBe('"",0\r\n')
  })
})
