import type { SpanKind } from "@/lib/vocabulary"
import { type Convention, kindFrom } from "./convention"
import { INCLUSIVE } from "./usage"

const KINDS: Record<string, SpanKind> = { workflow: "agent", agent: "agent", task: "step", tool: "tool" }
const REQUESTS: Record<string, SpanKind> = {
  chat: "llm",
  completion: "llm",
  embedding: "embedding",
  rerank: "retrieval",
}

/** Its names in `llm.`, which it shares with OpenInference. */
export const TRACELOOP_NAMES =
  /^llm\.(request\.(type|functions)|usage\.|headers|is_streaming|user$|top_k$|frequency_penalty$|presence_penalty$|chat\.|response\.(finish_reason|stop_reason))/

/** OpenLLMetry: its spans of structure, and calls named half by its own names and half by GenAI's old ones. */
export const traceloop: Convention = {
  name: "openllmetry",
  speaks: ({ families, a, span }) =>
    families.has("traceloop") ||
    a["llm.request.type"] !== undefined ||
    a["llm.usage.total_tokens"] !== undefined ||
    span.origin.scope.startsWith("opentelemetry.instrumentation.") ||
    span.origin.scope.startsWith("@traceloop/"),
  kind: ({ a }) => kindFrom(KINDS, a["traceloop.span.kind"]) ?? kindFrom(REQUESTS, a["llm.request.type"]),
  texts: {
    name: ["traceloop.entity.name"],
    model: ["gen_ai.request.model"],
    responseModel: ["gen_ai.response.model"],
    provider: ["gen_ai.provider.name", "gen_ai.system"],
    workflow: ["traceloop.workflow.name"],
    session: ["traceloop.association.properties.session_id"],
    user: ["traceloop.association.properties.user_id"],
  },
  usage: {
    input: ["gen_ai.usage.prompt_tokens", "gen_ai.usage.input_tokens"],
    output: ["gen_ai.usage.completion_tokens", "gen_ai.usage.output_tokens"],
    total: ["llm.usage.total_tokens", "gen_ai.usage.total_tokens"],
    cacheRead: ["gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.cache_read.input_tokens"],
    cacheWrite: ["gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.cache_creation.input_tokens"],
    reasoning: ["gen_ai.usage.reasoning_tokens", "llm.usage.reasoning_tokens"],
    holds: INCLUSIVE,
  },
  input: ["traceloop.entity.input"],
  output: ["traceloop.entity.output"],
  inputPrefixes: ["gen_ai.prompt."],
  outputPrefixes: ["gen_ai.completion."],
  tagPrefixes: ["traceloop.association.properties."],
}
