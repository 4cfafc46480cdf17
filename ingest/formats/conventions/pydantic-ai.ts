import type { Convention } from "./convention"

/**
 * pydantic-ai (and what Logfire adds): GenAI's names but for its own of tools and whole conversations. Spans that only announce a span to
 * come are left out by the decoder.
 */
export const pydanticAi: Convention = {
  name: "pydantic_ai",
  speaks: ({ span, families }) => span.origin.scope.startsWith("pydantic-ai") || families.has("logfire"),
  kind: ({ a }) =>
    a.agent_name !== undefined && a["gen_ai.tool.name"] === undefined && a["gen_ai.operation.name"] === undefined
      ? "agent"
      : undefined,
  texts: { agent: ["gen_ai.agent.name", "agent_name"], name: ["logfire.msg"] },
  cost: ["operation.cost"],
  input: ["tool_arguments", "all_messages_events", "pydantic_ai.all_messages"],
  output: ["tool_response", "final_result"],
  tagLists: ["logfire.tags"],
}
