import { describe, expect, test } from "vitest"
import {
  formatAgo,
  formatBucket,
  formatBytes,
  formatCompact,
  formatCount,
  formatDuration,
  formatExact,
  formatInstant,
  formatMoneyShare,
  formatShare,
  keepUnits,
  shortenMiddle,
} from "./format"

const NOW = Date.parse("2026-11-20T12:00:00Z")

describe("instants", () => {
  test("are shown in the zone that is asked for, with a quarter-hour offset too", () => {
    expect(formatInstant("2026-11-20T10:00:00Z", "Asia/Kathmandu", NOW)).toBe("20 Nov 15:45")
    expect(formatExact("2026-11-20T23:59:59.204Z", "Europe/Berlin")).toBe("2026-11-21 00:59:59.204 Europe/Berlin")
  })
  test("are those of the calendar on both sides of a change of clocks, and days from it", () => {
    // St. John's changed a minute after midnight, Lord Howe changes by half an hour.
    for (const [zone, change] of [
      ["Europe/Berlin", "2026-03-29T01:00:00Z"],
      ["America/St_Johns", "2010-11-07T02:31:00Z"],
      ["Australia/Lord_Howe", "2026-04-04T15:00:00Z"],
    ] as const) {
      const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" })
      for (const minutes of [-9999, -4321, -20, -1, -0.5, 0, 0.5, 1, 29, 61, 4321, 9999]) {
        const at = new Date(Date.parse(change) + minutes * 60_000)
        expect(formatExact(at.toISOString(), zone)).toBe(`${clock.format(at)}.000 ${zone}`)
      }
    }
  })
  test("midnight is 00, not 24", () => {
    expect(formatInstant("2026-11-20T00:05:00Z", "UTC", NOW)).toBe("20 Nov 00:05")
  })
  test("carry their year when it is another one than now", () => {
    expect(formatInstant("2025-11-20T10:00:00Z", "UTC", NOW)).toBe("20 Nov 2025 10:00")
  })
  test("of a bucket are as fine as its grain", () => {
    expect(formatBucket("2026-11-20T10:00:00Z", "UTC", "hour")).toBe("20 Nov 10:00")
    expect(formatBucket("2026-11-19T23:00:00Z", "Europe/Berlin", "day")).toBe("20 Nov")
    expect(formatBucket("2026-11-01T00:00:00Z", "UTC", "month")).toBe("Nov 2026")
  })
})

describe("durations", () => {
  test("have two units at most", () => {
    expect(
      [820, 3_250, 102_000, 41 * 60_000, 125 * 60_000, 76 * 3_600_000, 72 * 3_600_000, 2_117 * 3_600_000].map(
        formatDuration,
      ),
    ).toEqual(["820 ms", "3.2 s", "1 min 42 s", "41 min", "2 h 05 min", "3 d 4 h", "3 d", "88 d"])
  })
  test("keep a number and its unit on one line", () => {
    expect(keepUnits("the oldest for 18 h 09 min; 2 of 3 d")).toBe(
      "the oldest for 18\u00a0h\u00a009\u00a0min; 2 of 3\u00a0d",
    )
    expect(keepUnits("fell to 81.5 % in 3 days")).toBe("fell to 81.5\u00a0% in 3 days")
  })
  test("say so when an instant is still to come", () => {
    expect(formatAgo("2026-11-20T13:00:00Z", NOW)).toBe("in 1 h 00 min")
    expect(formatAgo("2026-11-20T11:59:59Z", NOW)).toBe("just now")
  })
})

describe("figures", () => {
  test("counts are grouped by thousands", () => {
    expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(["0", "999", "1,000", "1,234,567"])
    expect([0, 999, 1000, 9_994, 9_995, 99_950, 999_499, 999_500, 3e9, 2e18].map(formatBytes)).toEqual([
      "0 B",
      "999 B",
      "1.00 kB",
      "9.99 kB",
      "10.0 kB",
      "100 kB",
      "999 kB",
      "1.00 MB",
      "3.00 GB",
      "2000 PB",
    ])
    expect([0, 999, 1000, 12345, 1234567].map(formatCompact)).toEqual(["0", "999", "1.00k", "12.3k", "1.23M"])
  })
  test("a share of nothing is unknown, and nearly all is not all", () => {
    expect(formatShare(0, 0)).toBeNull()
    expect(formatShare(99_999, 100_000)).toBe("> 99.9 %")
    expect(formatShare(1, 100_000)).toBe("< 0.1 %")
    expect(formatShare(1, 8)).toBe("12.5 %")
    expect(formatShare(3, 3)).toBe("100.0 %")
  })
  test("a share of money never goes through a float", () => {
    expect(formatMoneyShare("0.000000000000000000000001", "0.000000000000000000000003")).toBe("33.3 %")
    expect(formatMoneyShare(null, "1")).toBeNull()
    expect(formatMoneyShare("0", "0")).toBeNull()
  })
  test("a long id keeps both ends", () => {
    expect(shortenMiddle("run-0123456789-abcdefghij-xyz", 16)).toBe("run-012345…j-xyz")
    expect(shortenMiddle("r81")).toBe("r81")
  })
})
