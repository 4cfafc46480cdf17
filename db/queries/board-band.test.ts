import { describe, expect, it } from "vitest"
import { usualBand } from "./board-band"

const day = (cost: string | null, calls = 1) => ({ cost, calls })

describe("what a day usually costs", () => {
  it("is bounded by costs of real days", () => {
    const days = Array.from({ length: 20 }, (_, i) => day(String(20 - i)))
    expect(usualBand(days)).toEqual({ low: "2", high: "18", highest: "20", days: 20 })
  })

  it("leaves out days whose calls have no price: they are not known, and no zeros", () => {
    const days = [...Array.from({ length: 8 }, () => day("5")), day(null), day(null)]
    expect(usualBand(days)).toEqual({ low: "5", high: "5", highest: "5", days: 8 })
  })

  it("counts a day without calls as the zero that it is, but not the days before the first call", () => {
    const days = [day("0", 0), day("0", 0), day("3"), ...Array.from({ length: 9 }, () => day("0", 0))]
    expect(usualBand(days)).toEqual({ low: "0", high: "0", highest: "3", days: 10 })
  })

  it("says nothing from fewer than seven days", () => {
    expect(usualBand(Array.from({ length: 6 }, () => day("1")))).toBeNull()
    expect(usualBand([day("0", 0)])).toBeNull()
    expect(usualBand([])).toBeNull()
  })

  it("compares digits that a float would lose", () => {
    const days = Array.from({ length: 10 }, (_, i) => day(`1.00000000000000000000${i}`))
    expect(usualBand(days)?.highest).toBe("1.000000000000000000009")
  })
})
