import type { SpanKind } from "@/lib/vocabulary"
import { at, type Convention, kindFrom, recordAt } from "./convention"
import { countsAt, INCLUSIVE } from "./usage"

const KINDS: Record<string, SpanKind> = {
  llm: "llm",
  chain: "step",
  tool: "tool",
  retriever: "retrieval",
  embedding: "embedding",
  prompt: "step",
  parser: "step",
}

/** LangSmith's OTel export; its usage is JSON whose details are parts of the totals. */
export const langSmith: Convention = {
  name: "langsmith",
  speaks: ({ families }) => families.has("langsmith"),
  kind: ({ a }) =>
    kindFrom(KINDS, typeof a["langsmith.span.kind"] === "string" ? a["langsmith.span.kind"].toLowerCase() : undefined),
  texts: {
    workflow: ["langsmith.trace.name", "langsmith.trace.session_name"],
    session: ["langsmith.metadata.session_id", "langsmith.metadata.thread_id", "langsmith.metadata.conversation_id"],
    user: ["langsmith.metadata.user_id"],
  },
  readUsage({ a }) {
    const usage = recordAt(a, "langsmith.usage_metadata") ?? plainUsage(a)
    if (!usage) return null
    const input = at(usage, "input_token_details")
    const output = at(usage, "output_token_details")
    const hourly = at(input, "ephemeral_1h_input_tokens") ?? at(input, "ephemeral_1hr_input_tokens")
    const short = at(input, "ephemeral_5m_input_tokens")
    const flat = {
      input: at(usage, "input_tokens"),
      output: at(usage, "output_tokens"),
      total: at(usage, "total_tokens"),
      cacheRead: at(input, "cache_read"),
      cacheWrite: at(input, "cache_creation") || sum(short, hourly),
      cacheWrite1h: hourly,
      reasoning: at(output, "reasoning"),
      audioInput: at(input, "audio"),
      audioOutput: at(output, "audio"),
    }
    const names = Object.fromEntries(Object.keys(flat).map((name) => [name, [name]]))
    return countsAt(flat, { ...names, holds: INCLUSIVE })
  },
  cost: ["langsmith.metadata.total_cost", "langsmith.total_cost"],
  input: ["gen_ai.prompt", "langsmith.inputs"],
  output: ["gen_ai.completion", "langsmith.outputs"],
  tagPrefixes: ["langsmith.metadata."],
  tagLists: ["langsmith.span.tags"],
}

function plainUsage(a: Parameters<typeof recordAt>[0]): Record<string, unknown> | undefined {
  const details = recordAt(a, "gen_ai.usage.input_token_details")
  if (!details) return undefined
  return {
    input_tokens: a["gen_ai.usage.input_tokens"],
    output_tokens: a["gen_ai.usage.output_tokens"],
    total_tokens: a["gen_ai.usage.total_tokens"],
    input_token_details: details,
    output_token_details: recordAt(a, "gen_ai.usage.output_token_details"),
  }
}

const sum = (...values: unknown[]): number | undefined => {
  const numbers = values.filter((value) => typeof value === "number")
  return numbers.length === 0 ? undefined : numbers.reduce((total, value) => total + value, 0)
}
