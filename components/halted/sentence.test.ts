import { expect, test } from "vitest"
import { haltedSentence } from "@/components/halted/sentence"
import type { RunList, RunRow } from "@/lib/contracts/read"

const NOW = Date.parse("2026-11-20T12:00:00Z")
const ended = (minutes: number, cost: string | null) =>
  ({ ended_at: new Date(NOW - minutes * 60_000).toISOString(), last_event_at: "", cost }) as RunRow
const list = (items: RunRow[], more: Partial<RunList> = {}): RunList => ({
  items,
  next_cursor: null,
  count: { value: items.length, is_capped: false },
  ...more,
})

test("the sentence says how many, since when and what is sunk", () => {
  expect(haltedSentence(list([ended(41, "80"), ended(12, "3.2")]), "USD", NOW)).toBe(
    "2 runs are halted, the oldest for 41 min; $83.20 sunk.",
  )
})
test("money of one page is never said as the money of all", () => {
  const text = haltedSentence(
    list([ended(12, "3.2")], { next_cursor: "c", count: { value: 70, is_capped: false } }),
    "USD",
    NOW,
  )
  expect(text).toBe("70 runs are halted; the latest on this page stopped 12 min ago.")
})
test("nothing halted is said so", () => {
  expect(haltedSentence(list([]), "USD", NOW)).toBe("Nothing is halted.")
})
