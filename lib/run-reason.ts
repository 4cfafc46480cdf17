import type { RunRow } from "@/lib/contracts/read"

/** Why a run needs a look, in its own words: the halt, else what its proof lacks, the first of it apart from the rest. */
export function reasonOf(run: Pick<RunRow, "halt" | "proof_reasons">): { text: string | null; more: string[] } {
  const [first, ...others] = run.proof_reasons.map(({ text }) =>
    // The state beside it says so; a narrow column is for the error.
    text.replace(/^The run failed: /, ""),
  )
  if (!run.halt) return { text: first ?? null, more: others }
  const halt = [run.halt.step ? `at ${run.halt.step}` : null, run.halt.reason].filter(Boolean).join(": ")
  return { text: halt || null, more: [] }
}
