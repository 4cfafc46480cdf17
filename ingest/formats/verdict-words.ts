import type { Verdict } from "@/lib/vocabulary"

const VERDICTS = {
  passed: ["pass", "passed", "true", "success", "succeeded", "ok", "correct", "yes"],
  failed: ["fail", "failed", "false", "failure", "incorrect", "no"],
} as const
const WORDS = new Map<string, Verdict>([
  ...VERDICTS.passed.map((word) => [word, "passed"] as const),
  ...VERDICTS.failed.map((word) => [word, "failed"] as const),
])

/** A word that an evaluator says, by whichever way it came in; null for one that is no verdict. */
export function verdictOf(word: string): Verdict | null {
  return WORDS.get(word.trim().toLowerCase()) ?? null
}
