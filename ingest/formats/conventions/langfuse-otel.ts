import type { SpanKind } from "@/lib/vocabulary"
import { type Convention, isRecord, kindFrom, recordAt, type View } from "./convention"
import { countsAt, DISJOINT } from "./usage"

const KINDS: Record<string, SpanKind> = {
  generation: "llm",
  embedding: "embedding",
  agent: "agent",
  tool: "tool",
  retriever: "retrieval",
  evaluator: "verification",
  guardrail: "verification",
  chain: "step",
  span: "step",
  event: "step",
}

const USAGE = "langfuse.observation.usage_details"
const COST = "langfuse.observation.cost_details"

/** What Langfuse's own SDKs (v4 and later) send as OTLP. Its trace's values are on every span. */
export const langfuseOtel: Convention = {
  name: "langfuse",
  speaks: ({ families, span }) => families.has("langfuse") || span.origin.scope === "langfuse-sdk",
  kind: ({ a }) => kindFrom(KINDS, a["langfuse.observation.type"]),
  texts: {
    model: ["langfuse.observation.model.name"],
    workflow: ["langfuse.trace.name"],
    session: ["langfuse.session.id", "session.id"],
    user: ["langfuse.user.id", "user.id"],
    environment: ["langfuse.environment"],
    release: ["langfuse.release", "langfuse.version"],
    error: ["langfuse.observation.status_message"],
  },
  readUsage({ a }) {
    const details = recordAt(a, USAGE)
    if (!details) return null
    const found = countsAt(details, {
      input: ["input", "input_tokens", "prompt_tokens"],
      output: ["output", "output_tokens", "completion_tokens"],
      total: ["total", "total_tokens"],
      cacheRead: ["cache_read_input_tokens", "input_cached_tokens", "input_cache_read"],
      cacheWrite: ["cache_creation_input_tokens", "input_cache_creation", "input_cache_write"],
      cacheWrite1h: ["input_cache_creation_1h"],
      reasoning: ["output_reasoning_tokens", "output_reasoning"],
      audioInput: ["input_audio_tokens", "input_audio"],
      audioOutput: ["output_audio_tokens", "output_audio"],
      holds: DISJOINT,
    })
    if (!found) return null
    const parts = countsAt(details, { input: ["input_cache_creation_5m"], holds: DISJOINT })?.counts.input
    if (parts !== undefined && found.counts.cacheWrite === undefined)
      found.counts.cacheWrite = parts + (found.counts.cacheWrite1h ?? 0)
    // Each key is a bucket of its own: what is audio is not among the input.
    const { input, output, audioInput, audioOutput } = found.counts
    if (input !== undefined && audioInput) found.counts.input = input + audioInput
    if (output !== undefined && audioOutput) found.counts.output = output + audioOutput
    return found
  },
  readCost: ({ a }) => totalCost(recordAt(a, COST)),
  input: ["langfuse.observation.input", "langfuse.trace.input"],
  output: ["langfuse.observation.output", "langfuse.trace.output"],
  tagPrefixes: ["langfuse.trace.metadata.", "langfuse.observation.metadata."],
  tagLists: ["langfuse.trace.tags"],
  // The status of the span itself stays unset.
  isError: ({ a }) => a["langfuse.observation.level"] === "ERROR",
  isAppRoot: isLangfuseRoot,
}

function isLangfuseRoot({ a }: View): boolean {
  return isTrue(a["langfuse.internal.is_app_root"]) || isTrue(a["langfuse.internal.as_root"])
}

const isTrue = (value: unknown): boolean => value === true || value === "true"

/** `total`, else the two sides where these are all there is; other keys may overlap. */
function totalCost(details: Record<string, unknown> | undefined): unknown {
  if (!isRecord(details)) return undefined
  if (details.total !== undefined) return details.total
  const sides = Object.keys(details)
  return sides.length > 0 && sides.every((side) => side === "input" || side === "output")
    ? Object.values(details)
    : undefined
}
