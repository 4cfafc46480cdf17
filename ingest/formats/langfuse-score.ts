import type { NativeEvent } from "@/lib/contracts/events"
import type { Verdict } from "@/lib/vocabulary"
import { attributesOf, type Envelope, origin, textOf } from "./langfuse-envelope"
import { isObject } from "./langfuse-usage"
import { toName } from "./names"
import { Refusal } from "./refusal"
import { verdictOf } from "./verdict-words"

const NO_VERDICT = "A score without a threshold is no verdict."

type Judged = { outcome: Verdict; score?: number; threshold?: number; said: string | null }

/**
 * `score-create`. A truth is a verdict, and so is a category that is the word for one; a number is one only against a threshold that came with it.
 * Everything else is kept as a check that gave no verdict: `skipped`, which neither passes nor fails anything.
 */
export function verificationOf({ id, type, at, body }: Envelope): NativeEvent {
  const run = body.traceId
  if (typeof run !== "string" || run === "")
    throw new Refusal("missing_field", "body.traceId", "is required: only scores of a trace are kept")
  const check = toName(body.name)
  if (check === undefined) throw new Refusal("missing_field", "body.name", "is required")
  const { outcome, score, threshold, said } = judge(body)
  const evidence = [said, textOf(body.comment)].filter((part) => part !== null && part !== undefined).join(" ")
  return {
    id,
    type: "verification",
    run,
    at,
    check,
    outcome,
    ...(score === undefined ? {} : { score }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(evidence === "" ? {} : { evidence }),
    source: origin(type),
    attributes: attributesOf(body),
  }
}

function judge(body: Record<string, unknown>): Judged {
  const { value } = body
  const type = typeof body.dataType === "string" ? body.dataType : typeof value === "string" ? "CATEGORICAL" : "NUMERIC"
  switch (type) {
    case "BOOLEAN": {
      const truth = value === true || value === 1 ? 1 : value === false || value === 0 ? 0 : null
      if (truth === null) throw new Refusal("invalid_value", "body.value", "of a BOOLEAN must be 0 or 1")
      return { outcome: truth === 1 ? "passed" : "failed", score: truth, said: null }
    }
    case "NUMERIC": {
      if (typeof value !== "number") throw new Refusal("invalid_type", "body.value", "of a NUMERIC must be a number")
      const threshold = isObject(body.metadata) ? body.metadata.threshold : undefined
      if (typeof threshold !== "number") return { outcome: "skipped", score: value, said: NO_VERDICT }
      return { outcome: value >= threshold ? "passed" : "failed", score: value, threshold, said: null }
    }
    case "CATEGORICAL":
    case "TEXT":
    case "CORRECTION": {
      const text = textOf(value)
      if (typeof value !== "string" || text === undefined)
        throw new Refusal("invalid_type", "body.value", `of a ${type} must be text`)
      const outcome = type === "CATEGORICAL" ? verdictOf(text) : null
      return { outcome: outcome ?? "skipped", said: `“${text}”` }
    }
    default:
      throw new Refusal("invalid_value", "body.dataType", "is none that is known")
  }
}
