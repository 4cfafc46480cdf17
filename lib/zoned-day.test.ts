import { expect, test } from "vitest"
import { startOfDay } from "@/lib/zoned-day"

test.each([
  ["2026-10-01", "UTC", "2026-10-01T00:00:00.000Z"],
  ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
  ["2026-10-26", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
  ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
  ["2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
  ["2026-10-01", "Asia/Kathmandu", "2026-09-30T18:15:00.000Z"],
  ["2026-10-01", "Pacific/Kiritimati", "2026-09-30T10:00:00.000Z"],
  ["2026-10-01", "America/Los_Angeles", "2026-10-01T07:00:00.000Z"],
  // Clocks go from 23:59 to 01:00: the day begins then.
  ["2026-03-29", "Asia/Beirut", "2026-03-28T22:00:00.000Z"],
])("%s in %s begins at %s", (date, zone, instant) =>
  expect(new Date(startOfDay(date, zone)).toISOString()).toBe(instant),
)
