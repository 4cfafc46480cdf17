import { toCount } from "@/ingest/formats/tokens"
import type { SpanKind } from "@/lib/vocabulary"
import { at, type Convention, type Found, recordAt, textAt, type View } from "./convention"
import { BESIDE, countsAt, INCLUSIVE } from "./usage"

/** The outer spans repeat the sum of their calls. */
const OPERATIONS: Record<string, SpanKind> = {
  "ai.generateText.doGenerate": "llm",
  "ai.streamText.doStream": "llm",
  "ai.generateObject.doGenerate": "llm",
  "ai.streamObject.doStream": "llm",
  "ai.embed.doEmbed": "embedding",
  "ai.embedMany.doEmbed": "embedding",
  "ai.rerank.doRerank": "retrieval",
  "ai.toolCall": "tool",
  "ai.generateText": "agent",
  "ai.streamText": "agent",
  "ai.generateObject": "agent",
  "ai.streamObject": "agent",
  "ai.embed": "step",
  "ai.embedMany": "step",
  "ai.rerank": "step",
}

/** `operation.name` may have the name of the function behind it. */
function operationOf({ a }: View): string | undefined {
  const name = a["ai.operationId"] ?? a["operation.name"]
  return typeof name === "string" && name.startsWith("ai.") ? name.split(" ", 1)[0] : undefined
}

/** Vercel's AI SDK, versions 4 to 6, and 7 in its legacy mode; its newer names are GenAI's. */
export const vercelAi: Convention = {
  name: "vercel_ai",
  speaks: (view) => view.families.has("ai") || operationOf(view) !== undefined,
  kind(view) {
    const operation = operationOf(view)
    return operation !== undefined && Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined
  },
  texts: {
    model: ["ai.model.id"],
    responseModel: ["ai.response.model"],
    provider: ["ai.model.provider"],
    session: ["ai.telemetry.metadata.sessionId"],
    user: ["ai.telemetry.metadata.userId"],
  },
  text({ a, isRoot }, text) {
    // Each call has a name of its own; that of the outermost is what runs.
    if (text === "workflow") return isRoot ? textAt(a, ["ai.telemetry.functionId", "resource.name"]) : undefined
    if (text === "name") return typeof a["ai.toolCall.name"] === "string" ? a["ai.toolCall.name"] : undefined
    if (text !== "serviceTier") return undefined
    const tier = at(recordAt(a, METADATA), "openai", "serviceTier")
    return typeof tier === "string" ? tier : undefined
  },
  readUsage: vercelUsage,
  readCost({ a }) {
    const metadata = recordAt(a, METADATA)
    return at(metadata, "openrouter", "usage", "cost") ?? at(metadata, "gateway", "cost")
  },
  input: ["ai.prompt.messages", "ai.prompt", "ai.toolCall.args", "ai.value", "ai.values"],
  output: ["ai.response.text", "ai.response.object", "ai.response.toolCalls", "ai.toolCall.result"],
  tagPrefixes: ["ai.telemetry.metadata."],
  tagLists: ["ai.telemetry.metadata.tags"],
  isError: ({ a }) => a["ai.response.finishReason"] === "error",
}

const METADATA = "ai.response.providerMetadata"

function vercelUsage({ a }: View): Found | null {
  const found = countsAt(a, {
    input: ["ai.usage.inputTokens", "ai.usage.promptTokens", "gen_ai.usage.input_tokens", "ai.usage.tokens"],
    output: ["ai.usage.outputTokens", "ai.usage.completionTokens", "gen_ai.usage.output_tokens"],
    total: ["ai.usage.totalTokens"],
    cacheRead: ["ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.cachedInputTokens"],
    cacheWrite: ["ai.usage.inputTokenDetails.cacheWriteTokens"],
    reasoning: ["ai.usage.outputTokenDetails.reasoningTokens", "ai.usage.reasoningTokens"],
    holds: INCLUSIVE,
  })
  const metadata = recordAt(a, METADATA)
  if (!found || !metadata) return found
  return withMetadata(found, metadata)
}

/** Where the SDK names no cache, the provider's own answer does; Anthropic's says what it charged for, whatever the SDK made of it. */
function withMetadata(found: Found, metadata: Record<string, unknown>): Found {
  const number = (...path: string[]) => toCount(at(metadata, ...path)) ?? undefined
  const { counts } = found
  const anthropic = at(metadata, "anthropic", "usage")
  if (anthropic !== undefined) {
    const hourly = number("anthropic", "usage", "cache_creation", "ephemeral_1h_input_tokens")
    const own = {
      input: number("anthropic", "usage", "input_tokens"),
      cacheRead: number("anthropic", "usage", "cache_read_input_tokens"),
      cacheWrite:
        number("anthropic", "usage", "cache_creation_input_tokens") ?? number("anthropic", "cacheCreationInputTokens"),
    }
    const { total: _, ...rest } = counts
    const known = Object.fromEntries(
      Object.entries({ ...own, cacheWrite1h: hourly }).filter(([, n]) => n !== undefined),
    )
    if (own.input !== undefined) return { ...found, counts: { ...rest, ...known }, holds: BESIDE }
    return { ...found, counts: { ...counts, ...known } }
  }
  counts.cacheRead ??= number("openai", "cachedPromptTokens") ?? number("bedrock", "usage", "cacheReadInputTokens")
  counts.cacheWrite ??= number("bedrock", "usage", "cacheWriteInputTokens")
  counts.reasoning ??= number("openai", "reasoningTokens")
  return found
}
