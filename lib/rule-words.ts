import type { Rule } from "@/lib/vocabulary"

/** What each rule looks for, in a few words: beside its name wherever a person reads it. */
export const RULE_WORDS: Record<Rule, string> = {
  T01: "cost of the run",
  T02: "number of steps",
  T03: "duration of the run",
  T04: "duration of a step",
  T05: "attempts of a step",
  T06: "loop of tool calls",
  T07: "no progress",
  T08: "skipped step",
  T09: "steps out of order",
  T10: "went on after a failure",
  T11: "claimed done without proof",
  T12: "check failed",
  T13: "check out of calibration",
  T14: "calls without a price",
  T15: "silent while running",
  T16: "no run when one was due",
  T17: "cites what never ran",
  T18: "budget used up",
  T19: "model not allowed",
  T20: "late evidence",
}

/** One of Andon's own; a sender may name rules of its own. */
export const isRule = (rule: string): rule is Rule => Object.hasOwn(RULE_WORDS, rule)
