import {
  EXCEPTION_ACTS,
  type ExceptionAct,
  type ExceptionAction,
  type ExceptionKind,
  type ExceptionState,
} from "@/lib/vocabulary"

/**
 * Which act leads from which state to which; what is not listed does not exist. `clear` and `recur` are Andon's own: the last run of the
 * exception is not halted any more, another one is. Who has looked and whose condition is gone needs nobody; who has not, still stands there.
 */
export const TRANSITIONS: Record<ExceptionState, Partial<Record<ExceptionAction, ExceptionState>>> = {
  unack_active: {
    acknowledge: "ack_active",
    assign: "unack_active",
    comment: "unack_active",
    snooze: "snoozed",
    resolve: "resolved",
    suppress: "suppressed_by_design",
    clear: "unack_cleared",
  },
  ack_active: {
    assign: "ack_active",
    comment: "ack_active",
    snooze: "snoozed",
    resolve: "resolved",
    suppress: "suppressed_by_design",
    clear: "resolved",
  },
  unack_cleared: {
    acknowledge: "resolved",
    assign: "unack_cleared",
    comment: "unack_cleared",
    resolve: "resolved",
    recur: "unack_active",
  },
  snoozed: {
    assign: "snoozed",
    comment: "snoozed",
    wake: "unack_active",
    resolve: "resolved",
    clear: "unack_cleared",
  },
  suppressed_by_design: { comment: "suppressed_by_design", lift: "unack_active", resolve: "resolved" },
  resolved: { comment: "resolved", reopen: "unack_active" },
}

/** Acts that a kind never allows: a run that was stopped is not put off. */
const NEVER: Record<ExceptionKind, readonly ExceptionAction[]> = { halt: ["snooze", "suppress"] }

/** The state after an act; null when there is no such transition. */
export function nextState(kind: ExceptionKind, from: ExceptionState, action: ExceptionAction): ExceptionState | null {
  return NEVER[kind].includes(action) ? null : (TRANSITIONS[from][action] ?? null)
}

/** What a person may do with it now. */
export function legalActs(kind: ExceptionKind, from: ExceptionState): ExceptionAct[] {
  return EXCEPTION_ACTS.filter((act) => nextState(kind, from, act) !== null)
}
