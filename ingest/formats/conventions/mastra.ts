import type { SpanKind } from "@/lib/vocabulary"
import { type Convention, kindFrom } from "./convention"

/**
 * A generation repeats the sum of its steps, and counts only where it has none: so it is a step itself, and not the call that GenAI's
 * names on the same span would make it.
 */
const KINDS: Record<string, SpanKind> = {
  agent_run: "agent",
  workflow_run: "agent",
  model_generation: "step",
  llm_generation: "step",
  model_step: "llm",
  model_inference: "llm",
  model_chunk: "step",
  tool_call: "tool",
  mcp_tool_call: "tool",
  workflow_step: "step",
  workflow_conditional: "step",
  workflow_parallel: "step",
  workflow_loop: "step",
  workflow_sleep: "step",
  workflow_wait_event: "step",
  processor_run: "step",
  generic: "step",
}

/** Mastra: GenAI's names, beside a kind of its own. */
export const mastra: Convention = {
  name: "mastra",
  speaks: ({ families }) => families.has("mastra"),
  kind: ({ a }) => kindFrom(KINDS, a["mastra.span.type"]),
  texts: {
    workflow: ["mastra.workflow_run.name", "mastra.metadata.workflowId", "gen_ai.workflow.name"],
    session: ["mastra.metadata.sessionId", "mastra.metadata.threadId"],
    user: ["mastra.metadata.userId"],
  },
  input: ["mastra.input"],
  output: ["mastra.output"],
  tagPrefixes: ["mastra.metadata."],
  tagLists: ["mastra.tags"],
}
