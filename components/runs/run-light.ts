import type { LightName } from "@/components/ui/light"
import type { RunRow } from "@/lib/contracts/read"

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
