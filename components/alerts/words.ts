import type { AlertAction, ChannelKind } from "@/lib/alert-vocabulary"
import type { Channel, Delivery } from "@/lib/contracts/alerts"
import { plural } from "@/lib/format"
import type { ExceptionKind, Severity } from "@/lib/vocabulary"

export const CHANNEL_WORDS: Record<ChannelKind, string> = {
  slack: "Slack",
  pagerduty: "PagerDuty",
  webhook: "Webhook",
  email: "E-mail",
}
export const LEAST_WORDS: Record<Severity, string> = {
  critical: "Critical ones only",
  high: "High and critical",
  low: "All of them",
}
export const LEVEL_WORDS = [
  "At once",
  "When a critical one is unseen for 5 min",
  "When a critical one is unseen for 15 min",
] as const
export const RAISED_WORDS: Record<ExceptionKind, string> = {
  halt: "halts",
  quarantine: "quarantines",
  alarm: "alarms",
  line_stop: "line stops",
  budget: "budgets",
  silence: "silence",
  audit_sample: "samples to review",
}
export const ACTION_WORDS: Record<AlertAction, string> = {
  trigger: "raised",
  resolve: "resolved",
  escalate: "escalated",
  test: "test",
}
/** What a channel is told, in one line: `high and critical; halts, budgets; of 2 workflows`. */
export function toldWords({ min_severity, kinds, workflows, escalation_level }: Channel): string {
  // Only critical ones are ever escalated: what else the channel names cannot come.
  const least = escalation_level > 0 ? (LEVEL_WORDS[escalation_level] ?? "") : LEAST_WORDS[min_severity]
  return [
    least,
    ...(kinds.length === 0 ? [] : [kinds.map((kind) => RAISED_WORDS[kind]).join(", ")]),
    ...(workflows.length === 0
      ? []
      : [workflows.length === 1 ? `of ${workflows[0]}` : `of ${plural(workflows.length, "workflow")}`]),
  ].join("; ")
}

/** The first line of the page: who is told, and whether it works. @param at how an instant is written. */
export function alertsSentence(items: readonly Channel[], at: (instant: string) => string): string {
  if (items.length === 0) return "Nobody is told of anything: there is no channel."
  const all = plural(items.length, "channel")
  const off = items.filter((one) => one.state === "disabled")
  const failing = items.filter((one) => one.state === "active" && one.failing_since !== null)
  const [worst] = failing
  if (worst?.failing_since) {
    const others = failing.length === 1 ? "" : ` and ${plural(failing.length - 1, "other")}`
    return `${all}: alerts to ${worst.name}${others} have failed since ${at(worst.failing_since)}.`
  }
  if (off.length === items.length) return `Nobody is told of anything: ${all}, disabled.`
  if (off.length > 0) return `${all}, ${off.length} of them disabled.`
  return `${all}, none failing.`
}

/** What came of a test, as the person who pressed reads it. */
export function testWords({ state, attempts, reason }: Delivery): { isGood: boolean; text: string } {
  const [last] = attempts
  if (!last)
    return { isGood: state === "delivered", text: reason ?? "It has not been sent yet; the log below will say." }
  const said = last.excerpt?.trim()
  if (last.error !== null)
    return { isGood: false, text: `Not delivered. ${last.error}${said ? ` It said: ${said}` : ""}` }
  const answer = [last.status, said].filter(Boolean).join(" ")
  return { isGood: true, text: `Delivered in ${last.ms} ms${answer === "" ? "" : `, answered ${answer}`}` }
}
