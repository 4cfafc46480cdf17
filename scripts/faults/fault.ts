import type { Invariants } from "@/db/queries/invariants"
import type { Random } from "@/scripts/seed/random"
import type { World } from "./world"

export type Mode = "short" | "full"

export type FaultContext = {
  mode: Mode
  random: Random
  /** Ids of this fault's events and runs start with it. */
  prefix: string
  say: (text: string) => void
}

/** What came out: figures to print, and what is wrong with them. Empty `wrong` = passed. */
export type Outcome = { figures: Record<string, string | number>; wrong: string[] }

export type Fault = {
  id: string
  title: string
  /** The deliberate break that must turn it red: `mutants/<id>.patch`. */
  mutant: string
} & (
  | { place: "world"; run: (world: World, context: FaultContext) => Promise<Outcome> }
  | { place: "ledger"; run: (context: FaultContext) => Promise<Outcome> }
)

/** The pass line: nothing lost, unexpected, duplicated; every cent where it was sent; every ended run closed; the audit clean. */
export function passLine(found: Invariants & { audit: number }): Outcome {
  const wrong: string[] = []
  for (const name of ["lost", "unexpected", "duplicated", "cost_delta", "rollup_delta", "open_runs", "audit"] as const)
    if (String(found[name]) !== "0") wrong.push(`${name} is ${found[name]}, must be 0`)
  if (found.stored === 0) wrong.push("nothing was stored: the fault was not tried")
  return { figures: { ...found }, wrong }
}

/** Adds figures, and complaints for those whose condition does not hold. */
export function judge(
  outcome: Outcome,
  checks: Record<string, { value: string | number; holds: boolean; must: string }>,
): Outcome {
  const figures = { ...outcome.figures }
  const wrong = [...outcome.wrong]
  for (const [name, { value, holds, must }] of Object.entries(checks)) {
    figures[name] = value
    if (!holds) wrong.push(`${name} is ${value}, must be ${must}`)
  }
  return { figures, wrong }
}

export const NOTHING: Outcome = { figures: {}, wrong: [] }
