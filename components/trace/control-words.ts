import type { RunState } from "@/lib/run-states"

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
