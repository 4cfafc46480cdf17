import { expect, test } from "vitest"
import { endOf } from "@/lib/run-end"

test("a run is over when it says so, or halted with its last event; one that goes on has no end", () => {
  const run = { ended_at: null, last_event_at: "2026-11-20T10:05:00.000Z" }
  expect(endOf({ ...run, status: "halted" })).toBe(run.last_event_at)
  expect(endOf({ ...run, status: "halted", ended_at: "2026-11-20T10:04:00.000Z" })).toBe("2026-11-20T10:04:00.000Z")
  for (const status of ["running", "halting", "stalled"] as const) expect(endOf({ ...run, status })).toBeNull()
})
