/** Why an exception was, as the person found who resolved it. */
export const RESOLVE_CAUSES = [
  "agent_defect",
  "bad_input",
  "tool_or_service",
  "model_output",
  "limit_too_tight",
  "stopped_rightly",
  "false_alarm",
  "rules_missed",
  "other",
] as const
export type ResolveCause = (typeof RESOLVE_CAUSES)[number]
/** `condition_gone` is Andon's own word: what raised it is not there any more. */
export const EXCEPTION_CAUSES = [...RESOLVE_CAUSES, "condition_gone"] as const
export type ExceptionCause = (typeof EXCEPTION_CAUSES)[number]
