import { align } from "@/components/compare/align"
import type { ComparedRun, ComparedStep } from "@/lib/contracts/compare"
import type { Tokens } from "@/lib/contracts/read"
import { formatCompact, formatDuration, shortenMiddle } from "@/lib/format"
import { runWord } from "@/lib/lights"
import { displayMoney, formatMoney, parseMoney } from "@/lib/money"
import { endOf } from "@/lib/run-end"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

/** `b - a`, exact; null where one of them is not known. */
export function moneyDifference(a: string | null, b: string | null): string | null {
  return a === null || b === null ? null : formatMoney(parseMoney(b) - parseMoney(a))
}

export const tokensOf = (tokens: Tokens): number => TOKEN_BUCKETS.reduce((sum, bucket) => sum + tokens[bucket], 0)

/** Null while the run goes on. */
export function tookOf({ run }: ComparedRun): number | null {
  const end = endOf(run)
  return end === null ? null : Math.max(0, Date.parse(end) - Date.parse(run.started_at))
}

/** Steps of both, laid side by side by name; what ran outside of any step stands on a line of its own. */
export const alignSteps = (a: ComparedRun, b: ComparedRun) =>
  align(a.steps, b.steps, ({ step }: ComparedStep) => (step === null ? "outside" : `step ${step}`))

const STATE_WORDS: Record<string, string> = {
  succeeded: "succeeded at",
  failed: "failed at",
  skipped: "skipped",
  cancelled: "cancelled",
  not_started: "has not started",
  running: "is running",
  never_ran: "never ran",
  unfinished: "did not finish",
  ran_after_failure: "went on after a failure to",
  out_of_order: "ran out of order",
}

const VERDICT_WORDS: Record<string, string> = {
  passed: "passed",
  failed: "failed",
  error: "broke on",
  skipped: "skipped",
  none: "has no result of",
}

/** What B does otherwise than A, what matters most first: outcome, steps, checks, money, time, tokens. Empty when nothing differs. */
export function differences(a: ComparedRun, b: ComparedRun, currency: string): string[] {
  const words: string[] = []
  const [wordA, wordB] = [runWord(a.run), runWord(b.run)]
  if (wordA !== wordB) words.push(`stands as ${wordB} and A as ${wordA}`)
  const step = alignSteps(a, b).find((line) => (line.a?.state ?? null) !== (line.b?.state ?? null))
  if (step) words.push(stepWords(step.a, step.b))
  const check = b.checks.find(({ check, outcome }) => {
    const other = a.checks.find((one) => one.check === check)
    return outcome !== (other?.outcome ?? null)
  })
  if (check)
    words.push(`${VERDICT_WORDS[check.outcome ?? "none"] ?? "ended otherwise at"} check “${short(check.check)}”`)
  words.push(...figures(a, b, currency))
  if (a.run.release !== b.run.release)
    words.push(`ran release ${short(b.run.release ?? "none")} instead of ${short(a.run.release ?? "none")}`)
  return words
}

/** A name of many characters would be the whole sentence: the tables below have it all. */
const short = (name: string): string => shortenMiddle(name, 40)

function stepWords(a: ComparedStep | null, b: ComparedStep | null): string {
  if (b === null) return a?.step ? `has no step “${short(a.step)}”` : "made no calls outside of any step"
  const name = b.step === null ? "calls outside of any step" : `“${short(b.step)}”`
  if (a === null) return b.step === null ? `made ${name}` : `has a step ${name} that A has not`
  return `${STATE_WORDS[b.state ?? ""] ?? "ended otherwise at"} ${name}`
}

function figures(a: ComparedRun, b: ComparedRun, currency: string): string[] {
  const words: string[] = []
  const money = moneyDifference(a.run.cost, b.run.cost)
  if (money !== null && money !== "0")
    words.push(`cost ${displayMoney(money.replace("-", ""), currency)} ${money.startsWith("-") ? "less" : "more"}`)
  if (money === null && a.run.cost !== b.run.cost)
    words.push(b.run.cost === null ? "has no price" : "has a price where A has none")
  const [tookA, tookB] = [tookOf(a), tookOf(b)]
  if (tookA !== null && tookB !== null && tookA !== tookB)
    words.push(`took ${formatDuration(Math.abs(tookB - tookA))} ${tookB > tookA ? "longer" : "less"}`)
  const tokens = tokensOf(b.run.tokens) - tokensOf(a.run.tokens)
  if (tokens !== 0) words.push(`used ${formatCompact(Math.abs(tokens))} ${tokens > 0 ? "more" : "fewer"} tokens`)
  return words
}

/** The page's first line. */
export function comparisonSentence(a: ComparedRun, b: ComparedRun, currency: string): string {
  const words = differences(a, b, currency).slice(0, 5)
  if (words.length === 0) return "B did the same as A, as far as it is compared here"
  const last = words.pop()
  return `B ${words.length === 0 ? last : `${words.join(", ")} and ${last}`}`
}
