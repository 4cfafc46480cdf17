import { expect, it } from "vitest"
import { legalActs, nextState } from "@/lib/exception-states"
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

it("what a person may do is what leads somewhere", () => {
  expect(legalActs("halt", "unack_active")).toEqual(["acknowledge", "assign", "comment", "resolve"])
  expect(legalActs("halt", "resolved")).toEqual(["comment", "reopen"])
})
