import { expect, test } from "vitest"
import { rangeLabel, shiftDay } from "./range-words"

const NOW = Date.parse("2026-11-20T10:00:00Z")
const label = (query: string, zone = "UTC") => rangeLabel(new URLSearchParams(query), "30d", zone, NOW)

test("a preset by its word, the page's own where the address is silent", () => {
  expect(label("")).toBe("30 d")
  expect(label("last=last_month")).toBe("Last month")
})

test("dates name the last day that is in", () => {
  expect(label("from=2026-11-01&to=2026-12-01")).toBe("1 – 30 Nov")
  expect(label("from=2026-10-28&to=2026-11-03")).toBe("28 Oct – 2 Nov")
  expect(label("from=2026-11-05&to=2026-11-06")).toBe("5 Nov")
  expect(label("from=2025-12-01&to=2026-01-01")).toBe("1 – 31 Dec 2025")
})

test("instants stand in the zone of the page", () => {
  expect(label("from=2026-11-18T10:00:00.000Z&to=2026-11-18T12:15:00.000Z", "Asia/Kathmandu")).toBe(
    "18 Nov 15:45 – 18 Nov 18:00",
  )
})

test("days are counted on the calendar", () => {
  expect(shiftDay("2026-03-01", -1)).toBe("2026-02-28")
  expect(shiftDay("2026-12-31", 1)).toBe("2027-01-01")
  expect(shiftDay("nonsense", 1)).toBe("nonsense")
})
