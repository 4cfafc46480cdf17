import type { LightName } from "@/lib/lights"
import { EXCEPTION_STATES, type ExceptionAction, type ExceptionCause, type ExceptionState } from "@/lib/vocabulary"

/** A state as a light and a word; red only while something stands still and nobody has looked. */
export const STATE_LIGHT: Record<ExceptionState, { light: LightName; word: string }> = {
  unack_active: { light: "halted", word: "halted" },
  ack_active: { light: "halted", word: "acknowledged" },
  unack_cleared: { light: "silent", word: "no longer halted" },
  snoozed: { light: "silent", word: "snoozed" },
  suppressed_by_design: { light: "silent", word: "suppressed" },
  resolved: { light: "silent", word: "resolved" },
}

export const CAUSE_WORDS: Record<ExceptionCause, string> = {
  agent_defect: "defect of the agent or its prompt",
  bad_input: "bad input",
  tool_or_service: "a tool or service failed",
  model_output: "the model answered wrongly",
  limit_too_tight: "the limit was too tight",
  stopped_rightly: "it was right to stop",
  false_alarm: "nothing was wrong",
  rules_missed: "something is wrong that no rule sees",
  other: "something else",
  condition_gone: "what raised it is gone",
}

/** "ada@example.com …" */
export const DONE_WORDS: Record<ExceptionAction, string> = {
  acknowledge: "acknowledged it",
  assign: "assigned it",
  comment: "wrote a note",
  resolve: "resolved it",
  reopen: "reopened it",
  snooze: "snoozed it",
  wake: "woke it",
  suppress: "suppressed it",
  lift: "lifted the suppression",
  clear: "saw that what raised it is gone",
  recur: "saw it come back",
}

/** Who acted, without the kind that the log keeps beside the name. */
export const whoOf = (actor: string): string => (actor === "andon" ? "Andon" : actor.replace(/^(user|key):/, ""))

/** The choices above the list; `mine` is open and assigned to the reader. */
export const VIEWS = [
  ["open", "Open"],
  ["unseen", "New"],
  ["seen", "Acknowledged"],
  ["mine", "Mine"],
  ["resolved", "Resolved"],
] as const
export type View = (typeof VIEWS)[number][0]

export const VIEW_STATES: Record<View, ExceptionState[]> = {
  open: [],
  unseen: ["unack_active", "unack_cleared"],
  seen: ["ack_active"],
  mine: [],
  resolved: ["resolved"],
}

/** Which of the choices an address means; null when it is none of them. */
export function viewOf(state: readonly ExceptionState[], assignee: string | null, me: string): View | null {
  if (assignee !== null) return assignee === me && state.length === 0 ? "mine" : null
  const found = VIEWS.find(
    ([view]) => view !== "mine" && inOrder(VIEW_STATES[view]).join() === inOrder([...state]).join(),
  )
  return found?.[0] ?? null
}

const inOrder = (states: ExceptionState[]) => EXCEPTION_STATES.filter((state) => states.includes(state))
