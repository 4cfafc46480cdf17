import type { AlertAction } from "@/lib/alert-vocabulary"
import { SEVERITY_WORDS } from "@/lib/exception-words"
import { plural } from "@/lib/format"
import { measured } from "@/lib/measure-words"
import { displayMoney } from "@/lib/money"
import { isRule, RULE_WORDS } from "@/lib/rule-words"
import type { ExceptionKind, Severity } from "@/lib/vocabulary"

/** An exception as it was when its message was written, and what its latest run has come to since. Texts are what agents sent: hostile. */
export type AlertItem = {
  exception: string
  kind: ExceptionKind
  severity: Severity
  fingerprint: string
  workflow: string | null
  rule: string | null
  step: string | null
  reason: string | null
  observed: string | null
  limit: string | null
  unit: string | null
  /** When we knew, ISO 8601. */
  raisedAt: string
  /** When what this message says came about. */
  at: string
  /** Escalation: 1 after 5 minutes, 2 after 15. */
  level: number
  /** The latest of its runs; null where it concerns none. `cost` is that of its priced calls; null when none of them has a price, or the run is gone. */
  run: { id: string; cost: string | null; unpriced: number } | null
}
export type AlertProject = { name: string; slug: string; currency: string }

/** What goes out at once to one channel. A test has no items. */
export type Message = {
  /** The same on every try. */
  id: string
  action: AlertAction
  /** When this try was written, ISO 8601. */
  at: string
  project: AlertProject
  /** Where Andon is reached, without a slash at its end. */
  origin: string
  /** The worst first, at most `NAMED` of `total`. */
  items: AlertItem[]
  total: number
}

/** How many a message names before it says how many more. */
export const NAMED = 10

/** One line of text that shows as what it is: control and direction characters gone, cut with an ellipsis at `max` characters. */
export function plain(text: string, max: number): string {
  const line = text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu, "")
    .replace(/ {2,}/g, " ")
    .trim()
  if (line.length <= max) return line
  const kept = line.slice(0, max - 1)
  // Not half a character.
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`
}

const KIND: Record<ExceptionKind, string> = {
  halt: "Run halted",
  quarantine: "Run held back",
  alarm: "Alarm",
  line_stop: "Line stopped",
  budget: "Budget",
  silence: "Silence",
  audit_sample: "Drawn for a look",
}
const RANK: Record<Severity, number> = { critical: 0, high: 1, low: 2 }
export const NAME_SHOWN = 80
const REASON_SHOWN = 500

export const worstFirst = (a: AlertItem, b: AlertItem) =>
  RANK[a.severity] - RANK[b.severity] || (a.raisedAt < b.raisedAt ? -1 : a.raisedAt > b.raisedAt ? 1 : 0)

export function ruleOf({ rule }: AlertItem): string | null {
  if (rule === null) return null
  return isRule(rule) ? `${rule}, ${RULE_WORDS[rule]}` : null
}

/** `Run halted: invoices, cost of the run` */
export function titleOf(item: AlertItem): string {
  const what = item.workflow === null ? null : plain(item.workflow, NAME_SHOWN)
  const words = item.rule !== null && isRule(item.rule) ? RULE_WORDS[item.rule] : null
  const about = [what, words].filter(Boolean).join(", ") || plain(item.reason ?? "", NAME_SHOWN)
  return about ? `${KIND[item.kind]}: ${about}` : KIND[item.kind]
}

export const reasonOf = (item: AlertItem): string | null => plain(item.reason ?? "", REASON_SHOWN) || null

/** What the message says in a line, at most `max` characters. */
export function headline({ action, items, total, project }: Message, max: number): string {
  const [worst] = items
  if (action === "test" || !worst) return plain(`A test from Andon for ${project.name}: nothing is wrong`, max)
  const said =
    total === 1
      ? titleOf(worst)
      : `${total.toLocaleString("en-US")} exceptions in ${plain(project.name, NAME_SHOWN)}, the worst ${worst.severity}`
  if (action === "resolve") return plain(`Over: ${said}`, max)
  if (action === "escalate") return plain(`Nobody has looked for ${worst.level > 1 ? "15" : "5"} minutes: ${said}`, max)
  return plain(total === 1 ? `${SEVERITY_WORDS[worst.severity]}: ${said}` : said, max)
}

/** Label and value of each thing that is known of it. */
export function factsOf(item: AlertItem, project: AlertProject): [label: string, value: string][] {
  const { workflow, step, run } = item
  const facts: [string, string | null][] = [
    ["Project", plain(project.name, NAME_SHOWN)],
    ["Rule", ruleOf(item)],
    ["Workflow", workflow],
    ["Step", step],
    ["Run", run?.id ?? null],
    ["Observed", measured(item.observed, item.unit)],
    ["Limit", measured(item.limit, item.unit)],
    ["Cost so far", costOf(item, project)],
    ["Raised", `${item.raisedAt.slice(0, 16).replace("T", " ")} UTC`],
  ]
  return facts.flatMap(([label, value]) => {
    const shown = value === null ? "" : plain(value, 160)
    return shown ? [[label, shown] as [string, string]] : []
  })
}

function costOf({ run }: AlertItem, { currency }: AlertProject): string | null {
  if (!run || (run.cost === null && run.unpriced === 0)) return null
  const rest = run.cost !== null && run.unpriced > 0 ? `, and ${plural(run.unpriced, "call")} without a price` : ""
  return `${displayMoney(run.cost, currency)}${rest}`
}

/** The page of an exception, which leads to its evidence. */
export function linkOf({ origin, project }: Pick<Message, "origin" | "project">, item: AlertItem): string {
  return `${origin}/exceptions/${item.exception}?project=${encodeURIComponent(project.slug)}`
}

/** Where all of them are listed. */
export function queueLink({ origin, project }: Pick<Message, "origin" | "project">): string {
  return `${origin}/exceptions?project=${encodeURIComponent(project.slug)}`
}
