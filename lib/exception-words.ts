import type { ExceptionAction, Severity } from "@/lib/vocabulary"

export const SEVERITY_WORDS: Record<Severity, string> = { critical: "Critical", high: "High", low: "Low" }

/** "ada@example.com …" */
export const DONE_WORDS: Record<ExceptionAction, string> = {
  acknowledge: "acknowledged it",
  assign: "assigned it",
  comment: "wrote a note",
  resolve: "resolved it",
  reopen: "reopened it",
  snooze: "snoozed it",
  wake: "woke it",
  suppress: "suppressed it",
  lift: "lifted the suppression",
  clear: "saw that what raised it is gone",
  recur: "saw it come back",
}
