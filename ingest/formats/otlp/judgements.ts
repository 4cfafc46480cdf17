import { MAPPING_VERSION } from "@/ingest/formats/conventions/all"
import type { Judgement } from "@/ingest/formats/conventions/convention"
import { judge } from "@/ingest/formats/conventions/verdict"
import type { Attributes } from "./model"
import type { Reading } from "./read"
import type { Draft } from "./spans"

export const EVALUATION = "gen_ai.evaluation.result"

export function judgementsOf(reading: Reading): [Judgement, bigint][] {
  const { view, spoken } = reading
  if (view.span.events.length === 0 && !spoken.some((convention) => convention.judgements)) return NONE
  const own = spoken.flatMap((convention) => convention.judgements?.(view) ?? [])
  const told = view.span.events.flatMap((event): [Judgement, bigint][] => {
    const judged = event.name === EVALUATION ? judgeEvaluation(event.attributes) : null
    return judged ? [[judged, event.at]] : []
  })
  return [...told, ...own.map((judged): [Judgement, bigint] => [judged, view.span.end])]
}

const NONE: [Judgement, bigint][] = []

export function judgeEvaluation(a: Attributes): Judgement | null {
  return judge({
    name: a["gen_ai.evaluation.name"],
    score: a["gen_ai.evaluation.score.value"],
    label: a["gen_ai.evaluation.score.label"],
    explanation: a["gen_ai.evaluation.explanation"],
    error: a["error.type"],
  })
}

export function verificationDraft(
  id: string,
  run: string,
  { check, verdict, score, evidence, verifier }: Judgement,
  at: string | undefined,
  span?: string,
): Draft {
  return {
    id,
    type: "verification",
    run,
    at,
    check,
    outcome: verdict,
    score,
    evidence: evidence || undefined,
    ...(verifier ? { verifier: { name: verifier } } : {}),
    source: { format: "otlp", mapping_version: MAPPING_VERSION, ...(span ? { span } : {}) },
  }
}
