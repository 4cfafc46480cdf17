import { beforeAll, describe, expect, it } from "vitest"
import { withProject } from "@/db/client"
import { readerFor } from "@/db/testing-reader"
import { parseFilters } from "@/lib/filters"
import { type BoardWindows, boardWindows } from "./board-windows"

const db = readerFor(0)
const projects: Record<string, number> = {}
beforeAll(async () => {
  for (const zone of ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Havana"])
    projects[zone] = await db.make.project({ zone })
})

async function windowsAt(zone: string, now: string, query = ""): Promise<BoardWindows> {
  const filters = parseFilters(new URLSearchParams(query))
  return await withProject(projects[zone] as number, (tx) => boardWindows(tx, filters, Date.parse(now)))
}
const ends = (window: { from: string; to: string } | undefined) => window && [window.from, window.to]

describe("what the board compares", () => {
  it("is the same time of day, whatever clocks did in between", async () => {
    // Clocks in Berlin went forward on 29 March.
    const { closed, today } = await windowsAt("Europe/Berlin", "2026-03-30T08:07:00Z")
    expect(ends(today)).toEqual(["2026-03-29T22:00:00.000Z", "2026-03-30T08:15:00.000Z"])
    expect(closed?.at).toBe("2026-03-30T08:00:00.000Z")
    expect(ends(closed?.yesterday)).toEqual(["2026-03-28T23:00:00.000Z", "2026-03-29T08:00:00.000Z"])
    expect(ends(closed?.lastWeek)).toEqual(["2026-03-22T23:00:00.000Z", "2026-03-23T09:00:00.000Z"])
    expect(ends(closed?.weekBefore)).toEqual(["2026-03-16T23:00:00.000Z", "2026-03-23T09:00:00.000Z"])
  })

  it("takes a shorter last month whole, and a longer one to the same instant", async () => {
    const march = await windowsAt("Europe/Berlin", "2026-03-31T10:00:00Z")
    expect(ends(march.closed?.lastMonth)).toEqual(["2026-01-31T23:00:00.000Z", "2026-02-28T23:00:00.000Z"])
    const february = await windowsAt("Europe/Berlin", "2026-02-28T10:00:00Z")
    expect(ends(february.closed?.lastMonth)).toEqual(["2025-12-31T23:00:00.000Z", "2026-01-28T10:00:00.000Z"])
    const leap = await windowsAt("UTC", "2028-03-31T23:59:00Z")
    expect(ends(leap.closed?.lastMonth)).toEqual(["2028-02-01T00:00:00.000Z", "2028-03-01T00:00:00.000Z"])
    const january = await windowsAt("UTC", "2026-01-01T00:15:00Z")
    expect(ends(january.closed?.lastMonth)).toEqual(["2025-12-01T00:00:00.000Z", "2025-12-01T00:15:00.000Z"])
  })

  it("is nothing in the first quarter hour of a day", async () => {
    expect((await windowsAt("UTC", "2026-11-20T00:14:59Z")).closed).toBeNull()
    expect((await windowsAt("UTC", "2026-11-20T00:15:00Z")).closed).not.toBeNull()
    expect((await windowsAt("Asia/Kathmandu", "2026-11-19T18:29:00Z")).closed).toBeNull()
  })

  it("holds where the clocks go back over midnight and where they skip it", async () => {
    for (const now of [
      "2026-11-01T06:30:00Z",
      "2026-11-02T06:30:00Z",
      "2026-03-08T14:00:00Z",
      "2026-03-15T04:20:00Z",
    ]) {
      const { closed } = await windowsAt("America/Havana", now)
      for (const window of Object.values(closed ?? {}).filter((value) => typeof value !== "string"))
        expect(window.from < window.to, `${now} ${ends(window)}`).toBe(true)
    }
  })

  it("cuts days in the zone that is asked for, from quarter hours where day rows are another zone's", async () => {
    const { today, days } = await windowsAt("UTC", "2026-11-20T10:07:00Z", "tz=Asia/Kathmandu")
    expect(ends(today)).toEqual(["2026-11-19T18:15:00.000Z", "2026-11-20T10:15:00.000Z"])
    expect(today.segments.every((segment) => segment.level === 15)).toBe(true)
    expect(days.from).toBe("2026-10-22T18:15:00.000Z")
  })
})
