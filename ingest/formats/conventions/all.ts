import { claudeCode } from "./claude-code"
import type { Convention } from "./convention"
import { genAi } from "./gen-ai"
import { langfuseOtel } from "./langfuse-otel"
import { langSmith } from "./langsmith"
import { mastra } from "./mastra"
import { openInference } from "./openinference"
import { pydanticAi } from "./pydantic-ai"
import { traceloop } from "./traceloop"
import { vercelAi } from "./vercel-ai"

/**
 * In the order in which they are believed where a span speaks several: the more particular first, GenAI's names, which most add to their
 * own, last.
 */
export const CONVENTIONS: readonly Convention[] = [
  langfuseOtel,
  openInference,
  claudeCode,
  vercelAi,
  langSmith,
  mastra,
  traceloop,
  pydanticAi,
  genAi,
]

/** Whose word on the kind of a span comes first; Mastra's before GenAI's, because its generations repeat their steps. */
export const KIND_ORDER: readonly Convention[] = [
  langfuseOtel,
  mastra,
  openInference,
  claudeCode,
  genAi,
  traceloop,
  vercelAi,
  langSmith,
  pydanticAi,
]

/** Raised when a span would be read otherwise than before. */
export const MAPPING_VERSION = 2
