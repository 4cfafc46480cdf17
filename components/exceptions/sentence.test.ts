import { expect, test } from "vitest"
import { haltedSentence, queueSentence } from "@/components/exceptions/sentence"
import { viewOf } from "@/components/exceptions/words"
import { EXCEPTION_KINDS } from "@/lib/vocabulary"

const NOW = Date.parse("2026-11-20T12:00:00Z")
const halted = (value: number, minutes: number | null, cost: string | null, unpriced = 0) => ({
  runs: { value, is_capped: false },
  oldest_at: minutes === null ? null : new Date(NOW - minutes * 60_000).toISOString(),
  spend: { cost, calls: 9, unpriced_calls: unpriced },
})

test.each([
  [halted(3, 41, "83.2"), "3 runs are halted, the oldest for 41 min; $83.20 sunk."],
  [halted(1, 12, "0.05"), "1 run is halted for 12 min; $0.05 sunk."],
  [halted(2, 61, "3", 2), "2 runs are halted, the oldest for 1 h 01 min; $3.00 sunk and 2 calls without a price."],
  [halted(1, 12, null, 9), "1 run is halted for 12 min; what is sunk is unknown, 9 calls without a price."],
  [halted(0, null, "0"), "No halted run waits for a person."],
])("the sentence says how many, since when and what is sunk: %#", (given, text) => {
  expect(haltedSentence(given, "USD", NOW)).toBe(text)
})

test("the age and the money of a part are never said as those of all", () => {
  const many = { runs: { value: 10_000, is_capped: true }, oldest_at: null, spend: null }
  expect(haltedSentence(many, "USD", NOW)).toBe("More than 10,000 runs are halted and wait for a person.")
})

test("an address is one of the views, or none", () => {
  expect(viewOf([], null, "ada@example.com")).toBe("open")
  expect(viewOf(["unack_cleared", "unack_active"], null, "ada@example.com")).toBe("unseen")
  expect(viewOf([], "ada@example.com", "ada@example.com")).toBe("mine")
  expect(viewOf([], "bob@example.com", "ada@example.com")).toBeNull()
  expect(viewOf(["snoozed"], null, "ada@example.com")).toBeNull()
})

test("the queue is told by what raised it, samples for themselves", () => {
  const none = Object.fromEntries(EXCEPTION_KINDS.map((kind) => [kind, { value: 0, is_capped: false }])) as never
  const of = (kinds: object, stake = halted(2, 41, "83.2")) =>
    queueSentence({ kinds: { ...(none as object), ...kinds } as never, stake }, "USD")
  const n = (value: number) => ({ value, is_capped: false })
  expect(of({})).toBe("No exception is open.")
  expect(of({ halt: n(1), alarm: n(9) })).toBe("10 exceptions are open: 1 halt, 9 alarms; their 2 runs: $83.20 spent.")
  expect(of({ quarantine: n(1) }, halted(0, null, "0"))).toBe("1 exception is open: 1 quarantine.")
  expect(of({ audit_sample: n(3) })).toBe("No exception is open. 3 samples to review.")
})
