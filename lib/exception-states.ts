import {
  EXCEPTION_ACTS,
  type ExceptionAct,
  type ExceptionAction,
  type ExceptionKind,
  type ExceptionState,
  type Severity,
} from "@/lib/vocabulary"

/**
 * Which act leads from which state to which; what is not listed does not exist. `clear` and `recur` are Andon's own: what raised
 * it is gone, is back; so are `wake` and `lift`, when the time has come. Who has looked and whose condition is gone needs nobody; who has not, still stands there.
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
const NEVER: Partial<Record<ExceptionKind, readonly ExceptionAction[]>> = { halt: ["snooze", "suppress"] }

/** The state after an act; null when there is no such transition. */
export function nextState(kind: ExceptionKind, from: ExceptionState, action: ExceptionAction): ExceptionState | null {
  return NEVER[kind]?.includes(action) ? null : (TRANSITIONS[from][action] ?? null)
}

const HOUR_MS = 3_600_000

/** How long it may be put off, or be taken for what is meant to be, milliseconds. */
export const longestUntil = (act: "snooze" | "suppress", severity: Severity): number =>
  act === "suppress" ? 30 * 24 * HOUR_MS : severity === "critical" ? HOUR_MS : 8 * HOUR_MS

/** A critical one that nobody has looked at is carried further after each of these, milliseconds: to the next contact, then to all. */
export const ESCALATES_AFTER_MS = [5 * 60_000, 15 * 60_000] as const

/** What a person may do with it now. */
export function legalActs(kind: ExceptionKind, from: ExceptionState): ExceptionAct[] {
  return EXCEPTION_ACTS.filter((act) => nextState(kind, from, act) !== null)
}
