import { toName } from "@/ingest/formats/names"
import { verdictOf } from "@/ingest/formats/verdict-words"
import type { Judgement } from "./convention"

type Said = {
  name: unknown
  score?: unknown
  label?: unknown
  explanation?: unknown
  error?: unknown
  verifier?: unknown
}

/**
 * An evaluation as a verification. Only a label can say that it passed or failed: a score says nothing without the threshold that it is held
 * against, so it is kept with the outcome `skipped`, which claims nothing. Null for one without a name.
 */
export function judge({ name, score, label, explanation, error, verifier }: Said): Judgement | null {
  const check = toName(name)
  if (check === undefined) return null
  const number = typeof score === "string" && score.trim() !== "" ? Number(score) : score
  const text = typeof label === "string" || typeof label === "boolean" ? String(label) : undefined
  return {
    check,
    verdict: typeof error === "string" && error !== "" ? "error" : (text && verdictOf(text)) || "skipped",
    ...(typeof number === "number" && Number.isFinite(number) ? { score: number } : {}),
    evidence: [
      text,
      typeof error === "string" ? error : undefined,
      typeof explanation === "string" ? explanation : undefined,
    ]
      .filter(Boolean)
      .join(": "),
    verifier: toName(verifier),
  }
}
