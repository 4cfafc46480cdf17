import type { SpanKind } from "@/lib/vocabulary"
import { type Convention, type Judgement, kindFrom, type View } from "./convention"
import { TRACELOOP_NAMES } from "./traceloop"
import { INCLUSIVE } from "./usage"
import { judge } from "./verdict"

const KINDS: Record<string, SpanKind> = {
  LLM: "llm",
  EMBEDDING: "embedding",
  AGENT: "agent",
  TOOL: "tool",
  RETRIEVER: "retrieval",
  RERANKER: "retrieval",
  GUARDRAIL: "verification",
  EVALUATOR: "verification",
  CHAIN: "step",
  PROMPT: "step",
}

const LISTS = ["annotations.", "trace.annotations.", "session.annotations."]
const FIELDS = ["name", "score", "label", "explanation", "annotator_kind", "identifier"]

/** OpenLLMetry has names in `llm.` too, which say nothing of who writes the rest. */
const isOwn = (key: string): boolean => key.startsWith("llm.") && !TRACELOOP_NAMES.test(key)

/** Arize's OpenInference; attributes are flat, lists by number. */
export const openInference: Convention = {
  name: "openinference",
  speaks: ({ families, a }) => families.has("openinference") || (families.has("llm") && Object.keys(a).some(isOwn)),
  kind: ({ a }) => kindFrom(KINDS, upper(a["openinference.span.kind"])),
  texts: {
    model: ["llm.model_name", "llm.request.model_name", "embedding.model_name", "reranker.model_name"],
    responseModel: ["llm.response.model_name"],
    provider: ["llm.provider", "llm.system"],
    agent: ["agent.name", "graph.node.id"],
    session: ["session.id"],
    user: ["user.id"],
  },
  usage: {
    input: ["llm.token_count.prompt"],
    output: ["llm.token_count.completion"],
    total: ["llm.token_count.total"],
    cacheRead: ["llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input"],
    cacheWrite: ["llm.token_count.prompt_details.cache_write"],
    reasoning: ["llm.token_count.completion_details.reasoning"],
    audioInput: ["llm.token_count.prompt_details.audio"],
    audioOutput: ["llm.token_count.completion_details.audio"],
    holds: INCLUSIVE,
  },
  cost: ["llm.cost.total"],
  input: ["input.value", "tool.parameters"],
  output: ["output.value"],
  inputPrefixes: ["llm.input_messages."],
  outputPrefixes: ["llm.output_messages.", "retrieval.documents."],
  tagLists: ["tag.tags"],
  tagJson: ["metadata"],
  judgements,
}

const upper = (value: unknown): string | undefined => (typeof value === "string" ? value.toUpperCase() : undefined)

/** One judgement in `evaluation.*` or `annotation.*`, lists of them in `annotations.{i}.annotation.*`. */
function judgements({ a, families }: View): Judgement[] {
  const bases: string[] = []
  if (families.has("evaluation")) bases.push("evaluation.")
  if (families.has("annotation")) bases.push("annotation.")
  if (families.has("annotations") || families.has("trace") || families.has("session"))
    for (const list of LISTS)
      for (let i = 0; i < 100 && FIELDS.some((field) => a[`${list}${i}.annotation.${field}`] !== undefined); i++)
        bases.push(`${list}${i}.annotation.`)
  return bases.flatMap((base) => {
    const judged = judge({
      name: a[`${base}name`],
      score: a[`${base}score`],
      label: a[`${base}label`],
      explanation: a[`${base}explanation`],
      verifier: a[`${base}identifier`] ?? a[`${base}annotator_kind`],
    })
    return judged ? [judged] : []
  })
}
