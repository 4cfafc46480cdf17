import type { SpanKind } from "@/lib/vocabulary"
import { type Convention, kindFrom, type View } from "./convention"
import { BESIDE, countsAt } from "./usage"

const KINDS: Record<string, SpanKind> = {
  interaction: "agent",
  llm_request: "llm",
  tool: "tool",
  "tool.execution": "step",
  "tool.blocked_on_user": "step",
  hook: "step",
}

export const CLAUDE_CODE_SCOPE = "com.anthropic.claude_code"

const typeOf = ({ span, a }: View): string | undefined => {
  if (typeof a["span.type"] === "string") return a["span.type"]
  return span.name.startsWith("claude_code.") ? span.name.slice("claude_code.".length) : undefined
}

/** A request is one span of its run whichever signal tells of it: its span here, its event at /v1/logs. */
export const requestSpan = (requestId: string): string => `request:${requestId}`

export const CLAUDE_USAGE = {
  input: ["input_tokens"],
  output: ["output_tokens"],
  cacheRead: ["cache_read_tokens"],
  cacheWrite: ["cache_creation_tokens"],
  holds: BESIDE,
} as const

/**
 * Claude Code's spans. The session is the run, because its events, which carry the cost, need not name a trace: so that a request meets
 * itself whichever way it came, and is counted once.
 */
export const claudeCode: Convention = {
  name: "claude_code",
  speaks: ({ span }) => span.name.startsWith("claude_code.") || span.origin.scope.startsWith(CLAUDE_CODE_SCOPE),
  kind: (view) => kindFrom(KINDS, typeOf(view)),
  texts: {
    name: ["tool_name"],
    model: ["model", "gen_ai.request.model"],
    session: ["session.id"],
    user: ["user.email", "user.id"],
    agent: ["agent.name"],
    error: ["error", "error.type"],
  },
  text: (_, text) => (text === "provider" ? "anthropic" : text === "workflow" ? "claude-code" : undefined),
  readUsage(view) {
    // Without an id nothing tells that an event speaks of the same request: the event keeps the money then.
    if (
      typeOf(view) === "llm_request" &&
      typeof view.a.request_id !== "string" &&
      typeof view.a["session.id"] === "string"
    )
      return null
    return countsAt(view.a, CLAUDE_USAGE)
  },
  input: ["user_prompt"],
  isError: ({ a }) => a.success === false || a.success === "false",
  identity: ({ a, ...view }) => ({
    ...(typeof a["session.id"] === "string" ? { run: a["session.id"] } : {}),
    ...(typeof a.request_id === "string" && typeOf({ a, ...view }) === "llm_request"
      ? { span: requestSpan(a.request_id) }
      : {}),
  }),
  isSession: true,
}
