import { describe, expect, it } from "vitest"
import { prepareSparkline } from "./sparkline"

const draw = (days: (string | null)[], today: string | null, band: { low: string; high: string } | null = null) =>
  prepareSparkline(days, today, band, 106, 26)

describe("a sparkline", () => {
  it("breaks its line where a day is not known, and draws a lone day as a dot", () => {
    const { path, lone } = draw(["1", "2", null, "3", null], "0")
    expect(path.match(/[ML]/g)).toEqual(["M", "L"])
    expect(lone).toHaveLength(1)
  })

  it("draws a zero on the ground and an unknown day not at all", () => {
    expect(draw(["0", "0"], "1").path).toBe("M3 23L53 23")
    expect(draw([null, null], "1").path).toBe("")
  })

  it("has no mark for today when its calls have no price", () => {
    expect(draw(["1"], null).last).toBeNull()
    expect(draw(["1"], "0").last).toEqual({ x: 103, y: 23 })
  })

  it("keeps the band inside the box, and visible when both bounds meet", () => {
    const { band } = draw(["1", "4"], "2", { low: "1", high: "4" })
    expect(band).toEqual({ y: 3, height: 15 })
    expect(draw(["2"], "2", { low: "2", high: "2" }).band?.height).toBe(1)
  })

  it("survives a history of nothing", () => {
    expect(draw([], "0")).toEqual({ path: "", lone: [], last: { x: 3, y: 23 }, band: null })
  })
})
