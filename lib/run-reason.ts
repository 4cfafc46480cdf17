import type { RunRow } from "@/lib/contracts/read"

/** A reason of proof beside a light that says "failed" already. */
export const reasonText = ({ text }: { text: string }): string => text.replace(/^The run failed: /, "")

/** Why a run needs a look, in its own words: the halt, else what its proof lacks, the first of it apart from the rest. */
export function reasonOf(run: Pick<RunRow, "halt" | "proof_reasons">): { text: string | null; more: string[] } {
  const [first, ...others] = run.proof_reasons.map(reasonText)
  if (!run.halt) return { text: first ?? null, more: others }
  const halt = [run.halt.step ? `at ${run.halt.step}` : null, run.halt.reason].filter(Boolean).join(": ")
  return { text: halt || null, more: [] }
}
