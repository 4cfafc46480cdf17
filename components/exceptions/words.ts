import type { ExceptionCause } from "@/lib/exception-causes"
import type { LightName } from "@/lib/lights"
import { EXCEPTION_STATES, type ExceptionKind, type ExceptionState } from "@/lib/vocabulary"

/** What raised it, as a light; `is` says what holds while it is there, `many` names a number of them. */
export const KIND_WORDS: Record<ExceptionKind, { light: LightName; is: string; one: string; many: string }> = {
  halt: { light: "halted", is: "halted", one: "halt", many: "Halts" },
  quarantine: { light: "quarantined", is: "quarantined", one: "quarantine", many: "Quarantines" },
  alarm: { light: "alarm", is: "alarm", one: "alarm", many: "Alarms" },
  line_stop: { light: "halted", is: "line stop", one: "line stop", many: "Line stops" },
  budget: { light: "alarm", is: "budget", one: "budget alarm", many: "Budget alarms" },
  silence: { light: "silent", is: "silent", one: "silent workflow", many: "Silent workflows" },
  audit_sample: { light: "unchecked", is: "to review", one: "sample to review", many: "Samples to review" },
}

const STATE_WORDS: Record<ExceptionState, string | null> = {
  unack_active: null,
  ack_active: "acknowledged",
  unack_cleared: null,
  snoozed: "snoozed",
  suppressed_by_design: "suppressed",
  resolved: "resolved",
}

/** Kind and state as a light and a word; the colour is there only while the condition is. */
export function lightOf(kind: ExceptionKind, state: ExceptionState): { light: LightName; word: string } {
  const { light, is } = KIND_WORDS[kind]
  const isThere = state === "unack_active" || state === "ack_active"
  const word = STATE_WORDS[state] ?? (state === "unack_cleared" ? (kind === "halt" ? "no longer halted" : "gone") : is)
  return { light: isThere ? light : "silent", word }
}

/** By level: nobody had looked 5 minutes after it came, and 15. */
export const UNSEEN_WORDS = ["", "unseen for 5 min", "unseen for 15 min"]

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

/** The choices above the list; `mine` is open and assigned to the reader. */
export const VIEWS = [
  ["open", "Open"],
  ["unseen", "New"],
  ["seen", "Acknowledged"],
  ["mine", "Mine"],
  ["later", "Put off"],
  ["resolved", "Resolved"],
] as const
export type View = (typeof VIEWS)[number][0]

export const VIEW_STATES: Record<View, ExceptionState[]> = {
  open: [],
  unseen: ["unack_active", "unack_cleared"],
  seen: ["ack_active"],
  mine: [],
  later: ["snoozed", "suppressed_by_design"],
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
