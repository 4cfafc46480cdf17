import type { Hold, Proof, RunStatus, WorkflowState } from "@/lib/vocabulary"

/**
 * The states of a run as its status, proof and hold say them together, and of a workflow's line; which may follow which; and what people may
 * do. What is not listed does not exist: an act on it is refused as `illegal_transition`. Events never are: they come when they come.
 */
export const RUN_STATES = [
  "pending",
  "running",
  "waiting",
  "stalled",
  "halting",
  "halted",
  "finished_claimed",
  "done",
  "unproven",
  "failed",
  "cancelled",
  "quarantined",
  "released",
  "rejected",
  "superseded",
] as const
export type RunState = (typeof RUN_STATES)[number]

/** What a run is, in one word. A run whose required check failed on its output claims success, and has not proven it. */
export function runState({ status, proof, hold }: { status: RunStatus; proof: Proof; hold: Hold | null }): RunState {
  if (hold !== null) return hold
  if (status !== "succeeded") return status
  if (proof === "verified") return "done"
  return proof === "unproven" || proof === "failed" ? "unproven" : "finished_claimed"
}

/** Who moves a run: its own events (and the watchdog's), a rule (or a budget), a person. */
export type Mover = "events" | "rule" | "person"
type Moves<State extends string> = Record<State, Partial<Record<State, readonly Mover[]>>>

const STOPPABLE = { halting: ["rule", "person"], halted: ["events"] } as const

/** Halted by itself a run goes straight to `halted`. What ends in spite of a halt must not be used. */
export const RUN_MOVES: Moves<RunState> = {
  pending: { running: ["events"], ...STOPPABLE },
  running: {
    waiting: ["events"],
    stalled: ["rule"],
    finished_claimed: ["events"],
    failed: ["events"],
    cancelled: ["events"],
    ...STOPPABLE,
  },
  waiting: { running: ["events"], ...STOPPABLE },
  stalled: { running: ["events"], ...STOPPABLE },
  halting: { halted: ["events", "rule"], quarantined: ["rule"], failed: ["events"], cancelled: ["events"] },
  halted: { superseded: ["events"] },
  finished_claimed: { done: ["events"], unproven: ["events", "rule"], quarantined: ["person"] },
  done: { quarantined: ["person"] },
  unproven: { done: ["events"], quarantined: ["rule", "person"], superseded: ["events"] },
  failed: { superseded: ["events"] },
  cancelled: {},
  quarantined: { released: ["person"], rejected: ["person"], superseded: ["events"] },
  released: {},
  rejected: {},
  superseded: {},
}

export const RUN_ACTS = ["halt", "quarantine", "release", "reject"] as const
export type RunAct = (typeof RUN_ACTS)[number]

const LEADS_TO: Record<RunAct, RunState> = {
  halt: "halting",
  quarantine: "quarantined",
  release: "released",
  reject: "rejected",
}

/** Everybody who may act may stop; to let go on is for fewer, one day. Nothing here makes a proof. */
export const ACT_PERMISSION = {
  halt: "runs.stop",
  quarantine: "runs.stop",
  release: "runs.release",
  reject: "runs.release",
} as const satisfies Record<RunAct, string>

/** The state after a person's act; null when there is no such transition. */
export function afterAct(from: RunState, act: RunAct): RunState | null {
  const to = LEADS_TO[act]
  return RUN_MOVES[from][to]?.includes("person") ? to : null
}

export function legalRunActs(from: RunState): RunAct[] {
  return RUN_ACTS.filter((act) => afterAct(from, act) !== null)
}

/** Whether what a run made may be used: proven, or released by a person under his name. */
export function isUsable(state: RunState): boolean {
  return state === "done" || state === "released"
}

export const LINE_MOVES: Moves<WorkflowState> = {
  live: { tightened: ["rule", "person"], paused: ["rule", "person"] },
  tightened: { live: ["person"], paused: ["rule", "person"] },
  paused: { live: ["person"] },
}

export const LINE_ACTS = ["pause", "resume", "tighten"] as const
export type LineAct = (typeof LINE_ACTS)[number]

const LINE_LEADS_TO: Record<LineAct, WorkflowState> = { pause: "paused", resume: "live", tighten: "tightened" }

export const LINE_PERMISSION = {
  pause: "runs.stop",
  tighten: "runs.stop",
  resume: "runs.release",
} as const satisfies Record<LineAct, string>

/** The line's state after a person's act; null when there is no such transition. */
export function afterLineAct(from: WorkflowState, act: LineAct): WorkflowState | null {
  const to = LINE_LEADS_TO[act]
  return LINE_MOVES[from][to]?.includes("person") ? to : null
}

export function legalLineActs(from: WorkflowState): LineAct[] {
  return LINE_ACTS.filter((act) => afterLineAct(from, act) !== null)
}

/** What a person confirms before a paused line starts again. */
export const RESUME_CHECKLIST = {
  cause_known: "It is known why the line stopped.",
  cause_removed: "The cause is gone, or the next run will not meet it.",
  held_runs_seen: "Somebody has looked at the runs that stopped it.",
} as const
export type ResumeCheck = keyof typeof RESUME_CHECKLIST
export const RESUME_CHECKS = Object.keys(RESUME_CHECKLIST) as ResumeCheck[]
