import type { DeliveryState } from "@/lib/alert-vocabulary"
import type { RunRow } from "@/lib/contracts/read"
import type { Proof, Verdict } from "@/lib/vocabulary"

/** What a light can say; each has a shape and a colour of its own, and is always written out in a word beside it. */
export const LIGHTS = [
  "verified",
  "running",
  "unproven",
  "alarm",
  "failed",
  "halted",
  "quarantined",
  "unchecked",
  "silent",
] as const
export type LightName = (typeof LIGHTS)[number]

type RunState = Pick<RunRow, "status" | "proof" | "hold">

/** The first that holds of quarantined, halted, failed, unproven, running, verified, unchecked; else silent. */
export function runLight({ status, proof, hold }: RunState): LightName {
  if (hold === "quarantined") return "quarantined"
  if (status === "halted" || status === "halting") return "halted"
  if (status === "failed" || proof === "failed") return "failed"
  if (proof === "unproven") return "unproven"
  if (status === "running" || status === "waiting") return "running"
  if (proof === "verified") return "verified"
  if (proof === "unchecked") return "unchecked"
  return "silent"
}

/** The word beside the light: the light's own, unless the status says more. */
export function runWord(run: RunState): string {
  const light = runLight(run)
  if (light === "halted" || light === "running" || light === "silent") return run.status
  if (light === "failed" && run.status !== "failed") return "proof failed"
  return light
}

export const PROOF_LIGHT: Record<Proof, LightName> = {
  pending: "running",
  failed: "failed",
  verified: "verified",
  unproven: "unproven",
  unchecked: "unchecked",
}

/** The outcome of one check: `error` says that the check itself broke, not the work. */
export const VERDICT_LIGHT: Record<Verdict, { light: LightName; word: string }> = {
  passed: { light: "verified", word: "passed" },
  failed: { light: "failed", word: "failed" },
  error: { light: "alarm", word: "check broke" },
  skipped: { light: "silent", word: "skipped" },
}

/** Whether a verification looked at what the run ended with; null when the run has no final hash to compare with. */
export function onFinalOutput(is: boolean | null): string {
  return is === null ? "unknown" : is ? "yes" : "no, an older one"
}

/** What became of a message that tells of an exception. */
export const DELIVERY_LIGHTS: Record<DeliveryState, { light: LightName; word: string }> = {
  pending: { light: "running", word: "on its way" },
  delivered: { light: "verified", word: "delivered" },
  parked: { light: "failed", word: "given up" },
  dropped: { light: "silent", word: "not sent" },
}

/** State of a message as a light and a word; one that failed before and is tried again says so. */
export function deliveryLight({ state, tries }: { state: DeliveryState; tries: number }): {
  light: LightName
  word: string
} {
  return state === "pending" && tries > 0 ? { light: "alarm", word: "trying again" } : DELIVERY_LIGHTS[state]
}
