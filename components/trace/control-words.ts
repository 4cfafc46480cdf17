import type { RunAct, RunState } from "@/lib/run-states"

export const ACT_WORDS: Record<RunAct, string> = {
  halt: "Halt",
  quarantine: "Quarantine",
  release: "Release",
  reject: "Reject",
}

export const ACT_SAYS: Record<RunAct, string> = {
  halt: "The runner is told to stop before its next step. A halted run is never resumed, only run anew. If it claims success all the same, its output is quarantined.",
  quarantine: "The gate of this run answers “do not use” until somebody releases or rejects it.",
  release: "The gate opens: downstream jobs may use what this run made, under your name. Its proof stays as it is.",
  reject: "The gate stays shut for good. The run keeps its cost and its trace.",
}

export const ACTED: Record<RunAct, string> = {
  halt: "The runner is told to halt.",
  quarantine: "Quarantined.",
  release: "Released.",
  reject: "Rejected.",
}

/** Whether what the run made may be used, in one sentence. */
export const STATE_SAYS: Record<RunState, string> = {
  pending: "Not begun.",
  running: "Running; nothing to use yet.",
  waiting: "Waiting; nothing to use yet.",
  stalled: "Nothing has been heard of it for too long.",
  halting: "Told to halt.",
  halted: "Halted.",
  finished_claimed: "It claims success; no check was declared that could prove it. Its gate is shut.",
  done: "Done: proven. Its gate is open.",
  unproven: "It claims success without proof. Its gate is shut.",
  failed: "Failed.",
  cancelled: "Cancelled.",
  quarantined: "Quarantined: what it made must not be used.",
  released: "Released by a person. Its gate is open.",
  rejected: "Rejected: what it made must not be used.",
  superseded: "Another run took its place.",
}

/** `user:anna@example.com`, `key:ab12cd34`, `rule:T10`, `andon`. */
export function actorWords(actor: string): string {
  const [kind, ...rest] = actor.split(":")
  const name = rest.join(":")
  if (name === "") return actor === "andon" ? "Andon" : actor
  return kind === "key" ? `key ${name}` : kind === "rule" ? `rule ${name}` : name
}
