import { expect, it } from "vitest"
import { legalActs, longestUntil, nextState } from "@/lib/exception-states"
import { EXCEPTION_ACTIONS, EXCEPTION_STATES, type ExceptionAction, type ExceptionState } from "@/lib/vocabulary"

/** Written out, not derived: one line a state, the acts that lead out of it and where to, for a halt. */
const TABLE: Record<ExceptionState, string> = {
  unack_active: "acknowledge>ack_active assign>unack_active comment>unack_active resolve>resolved clear>unack_cleared",
  ack_active: "assign>ack_active comment>ack_active resolve>resolved clear>resolved",
  unack_cleared: "acknowledge>resolved assign>unack_cleared comment>unack_cleared resolve>resolved recur>unack_active",
  snoozed: "assign>snoozed comment>snoozed wake>unack_active resolve>resolved clear>unack_cleared",
  suppressed_by_design: "comment>suppressed_by_design lift>unack_active resolve>resolved",
  resolved: "comment>resolved reopen>unack_active",
}

const pairs = EXCEPTION_STATES.flatMap((from) => EXCEPTION_ACTIONS.map((action) => [from, action] as const))

it.each(pairs)("%s, %s", (from: ExceptionState, action: ExceptionAction) => {
  const expected = TABLE[from]
    .split(" ")
    .map((entry) => entry.split(">"))
    .find(([name]) => name === action)
  expect(nextState("halt", from, action)).toBe(expected?.[1] ?? null)
})

it("a halt is never snoozed, from any state", () => {
  expect(EXCEPTION_STATES.map((from) => nextState("halt", from, "snooze"))).toEqual(EXCEPTION_STATES.map(() => null))
})

it("anything else is put off, or taken for what is meant to be, from where it is active", () => {
  const leads = (action: ExceptionAction) =>
    EXCEPTION_STATES.filter((from) => nextState("alarm", from, action) !== null)
  expect(leads("snooze")).toEqual(["unack_active", "ack_active"])
  expect(leads("suppress")).toEqual(["unack_active", "ack_active"])
  expect(leads("wake")).toEqual(["snoozed"])
  expect(leads("lift")).toEqual(["suppressed_by_design"])
  expect(longestUntil("snooze", "critical")).toBe(3_600_000)
  expect(longestUntil("snooze", "high")).toBe(8 * 3_600_000)
  expect(longestUntil("suppress", "low")).toBe(30 * 86_400_000)
})

it("what a person may do is what leads somewhere", () => {
  expect(legalActs("halt", "unack_active")).toEqual(["acknowledge", "assign", "comment", "resolve"])
  expect(legalActs("halt", "resolved")).toEqual(["comment", "reopen"])
})
