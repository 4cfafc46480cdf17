import type { Attributes } from "@/ingest/formats/otlp/model"
import type { SpanKind } from "@/lib/vocabulary"
import { type Convention, kindFrom, type View } from "./convention"
import { INCLUSIVE } from "./usage"

export const OPERATIONS: Record<string, SpanKind> = {
  chat: "llm",
  text_completion: "llm",
  completion: "llm",
  generate_content: "llm",
  generate: "llm",
  embeddings: "embedding",
  invoke_agent: "agent",
  create_agent: "agent",
  invoke_workflow: "agent",
  execute_tool: "tool",
  retrieval: "retrieval",
  search_memory: "retrieval",
  plan: "step",
  agent_step: "step",
}

/** Attributes that name a model: where nothing else tells the kind, they make it a call. */
const MODELS = ["gen_ai.request.model", "gen_ai.response.model"]

/** OpenTelemetry's GenAI conventions, from 1.27 to today: newest names first. */
export const genAi: Convention = {
  name: "gen_ai",
  speaks: ({ families }) => families.has("gen_ai"),
  kind: ({ a }) => kindFrom(OPERATIONS, a["gen_ai.operation.name"]),
  texts: {
    model: ["gen_ai.request.model", "llm.request.model"],
    responseModel: ["gen_ai.response.model"],
    provider: ["gen_ai.provider.name", "gen_ai.system"],
    serviceTier: [
      "openai.response.service_tier",
      "gen_ai.openai.response.service_tier",
      "gen_ai.response.service_tier",
    ],
    agent: ["gen_ai.agent.name"],
    workflow: ["gen_ai.workflow.name"],
    session: ["gen_ai.conversation.id", "session.id"],
    user: ["user.id", "enduser.id"],
    error: ["error.message", "error.type"],
  },
  usage: {
    input: ["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"],
    output: ["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"],
    total: ["gen_ai.usage.total_tokens"],
    cacheRead: [
      "gen_ai.usage.cache_read.input_tokens",
      "gen_ai.usage.cache_read_input_tokens",
      "gen_ai.usage.cache_read_tokens",
      "gen_ai.usage.details.cache_read_tokens",
      "gen_ai.usage.details.cache_read_input_tokens",
      "gen_ai.usage.details.cached_tokens",
    ],
    cacheWrite: [
      "gen_ai.usage.cache_write.input_tokens",
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.cache_creation_input_tokens",
      "gen_ai.usage.cache_write_tokens",
      "gen_ai.usage.details.cache_write_tokens",
      "gen_ai.usage.details.cache_creation_input_tokens",
    ],
    reasoning: [
      "gen_ai.usage.reasoning.output_tokens",
      "gen_ai.usage.reasoning_tokens",
      "gen_ai.usage.details.reasoning_tokens",
    ],
    audioInput: ["gen_ai.usage.details.input_audio_tokens"],
    audioOutput: ["gen_ai.usage.details.output_audio_tokens"],
    holds: INCLUSIVE,
  },
  cost: ["gen_ai.usage.cost", "operation.cost", "gen_ai.usage.total_cost", "gen_ai.cost.total_cost"],
  input: [
    "gen_ai.input.messages",
    "gen_ai.tool.call.arguments",
    "gen_ai.prompt",
    "gen_ai.retrieval.query.text",
    "input",
  ],
  output: ["gen_ai.output.messages", "gen_ai.tool.call.result", "gen_ai.completion", "output"],
  inputPrefixes: ["gen_ai.prompt."],
  outputPrefixes: ["gen_ai.completion."],
}

/** The last of the rules for a kind: a tool's name, then a model. */
export function kindByTraces({ a }: View): SpanKind | undefined {
  if (a["gen_ai.tool.name"] !== undefined || a["gen_ai.tool.call.id"] !== undefined) return "tool"
  return hasModel(a) ? "llm" : undefined
}

function hasModel(a: Attributes): boolean {
  return MODELS.some((name) => a[name] !== undefined) || OTHER_MODELS.some((name) => a[name] !== undefined)
}

const OTHER_MODELS = ["llm.model_name", "llm.request.model", "ai.model.id", "langfuse.observation.model.name"]
