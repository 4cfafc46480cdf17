import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { isZone, parseInstant, quarterHour, toIso } from "@/lib/time"

describe("B22 an instant is RFC 3339 with a zone, from 2000 to 2100", () => {
  test.each([
    ["2026-11-20T10:00:00Z", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20t10:00:00z", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20T10:00:00.5Z", "2026-11-20T10:00:00.500Z"],
    ["2026-11-20T10:00:00.123456789Z", "2026-11-20T10:00:00.123Z"],
    ["2026-11-20T10:00:00.999999999Z", "2026-11-20T10:00:00.999Z"],
    ["2026-11-20T10:00:00+05:45", "2026-11-20T04:15:00.000Z"],
    ["2026-11-20T10:00:00-11:00", "2026-11-20T21:00:00.000Z"],
    ["2026-11-20T00:00:00+15:59", "2026-11-19T08:01:00.000Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
    ["2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z"],
    ["2000-01-01T00:00:00Z", "2000-01-01T00:00:00.000Z"],
    ["2099-12-31T23:59:59.999Z", "2099-12-31T23:59:59.999Z"],
    ["1999-12-31T23:30:00-01:00", "2000-01-01T00:30:00.000Z"],
  ])("%s is %s", (text, iso) => {
    const at = parseInstant(text)
    expect(at === null ? null : toIso(at)).toBe(iso)
  })

  test.each([
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "294277-01-01T00:00:00Z",
    "+294277-01-01T00:00:00Z",
    "0000-01-01",
    "0000-01-01T00:00:00Z",
    "1999-12-31T23:59:59.999Z",
    "2100-01-01T00:00:00Z",
    "2000-01-01T00:00:00+00:01",
    "2099-12-31T23:59:00-00:01",
    "2026-02-30T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-11-20T24:00:00Z",
    "2026-11-20T23:60:00Z",
    "2026-06-30T23:59:60Z",
    "2026-11-20T10:00:00",
    "2026-11-20T10:00:00+25:00",
    "2026-11-20T10:00:00+16:00",
    "2026-11-20T10:00:00-23:59",
    "2026-11-20T10:00:00+10:60",
    "2026-11-20T10:00:00+1000",
    "2026-11-20 10:00:00Z",
    "2026-11-20T10:00Z",
    "2026-11-20T10:00:00.Z",
    "2026-11-20T10:00:00.0000000000Z",
    "2026-11-20",
    " 2026-11-20T10:00:00Z",
    "2026-11-20T10:00:00Z\n",
    "1",
    "1763632800000",
    "-1763632800000",
    "now",
    "",
    "２０２６-11-20T10:00:00Z",
  ])("%j is refused", (text) => {
    expect(parseInstant(text)).toBeNull()
  })

  test("the plain form is read by the same rule as all others", () => {
    const two = fc.integer({ min: 0, max: 62 }).map((n) => String(n).padStart(2, "0"))
    const year = fc.constantFrom("1999", "2000", "2024", "2026", "2099", "2100", "20x6")
    const rest = fc.constantFrom("", ".000", ".999", ".5", ".1234", ".-12", ".1 2")
    fc.assert(
      fc.property(year, two, two, two, two, two, rest, (y, month, day, hour, minute, second, fraction) => {
        const text = `${y}-${month}-${day}T${hour}:${minute}:${second}${fraction}`
        expect(parseInstant(`${text}Z`)).toBe(parseInstant(`${text}+00:00`))
      }),
      { numRuns: 3_000 },
    )
  })

  test("every millisecond of the century is read as it was written, in any zone's clock", () => {
    const ms = fc.integer({ min: Date.UTC(2000, 0, 2), max: Date.UTC(2099, 11, 30) })
    fc.assert(
      fc.property(ms, fc.integer({ min: -959, max: 959 }), (at, offset) => {
        const local = new Date(at + offset * 60_000).toISOString().slice(0, -1)
        const minutes = Math.abs(offset)
        const zone = `${offset < 0 ? "-" : "+"}${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`
        return parseInstant(toIso(at)) === at && parseInstant(`${local}${zone}`) === at
      }),
    )
  })
})

test("instants are written as Date writes them, and parsed alike however many decimals they have", () => {
  fc.assert(
    fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.integer({ min: 0, max: 60_001 }), (at, later) => {
      const near = Math.min(at + later, 8.64e15)
      return [at, near, at].every((ms) => toIso(ms) === new Date(ms).toISOString())
    }),
  )
  expect(toIso(1.5)).toBe("1970-01-01T00:00:00.001Z")
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1])
    expect(() => toIso(wrong)).toThrow(RangeError)
  const decimals = "129456789"
  for (let n = 1; n <= 9; n++) {
    const given = decimals.slice(0, n)
    const ms = given.padEnd(3, "0").slice(0, 3)
    expect(parseInstant(`2026-11-20T10:00:00.${given}Z`)).toBe(Date.parse(`2026-11-20T10:00:00.${ms}Z`))
    expect(parseInstant(`2026-11-20T10:00:00.${given.slice(0, -1)}xZ`)).toBeNull()
  }
  expect(parseInstant("2026-11-20T10:00:00.1234567890Z")).toBeNull()
  expect(parseInstant("2026-11-20T10:00:00.Z")).toBeNull()
})

test("a quarter hour begins at its first millisecond and ends before the next", () => {
  const at = Date.UTC(2026, 10, 20, 10, 15)
  expect([at - 1, at, at + 899_999, at + 900_000].map(quarterHour)).toEqual([at - 900_000, at, at, at + 900_000])
})

test("zones are those of the IANA table", () => {
  for (const zone of ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Argentina/Buenos_Aires", "Etc/GMT+8"])
    expect(isZone(zone)).toBe(true)
  for (const zone of ["", "Mars/Olympus", "Europe/Berlin'; drop table runs;--", "../etc", "Europe/ Berlin"])
    expect(isZone(zone)).toBe(false)
})
