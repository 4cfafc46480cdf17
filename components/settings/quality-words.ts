import type { Source, SourceQuality } from "@/lib/contracts/quality"
import { formatDuration, plural } from "@/lib/format"
import { LAG_LIMITS, lagWithin } from "@/lib/lag"

const DOOR_WORDS: Record<string, string> = {
  native: "Andon events",
  "otlp-traces": "OTLP traces",
  "otlp-logs": "OTLP logs",
  "otlp-metrics": "OTLP metrics",
  langfuse: "Langfuse",
  unknown: "way in not recorded",
}
const CONVENTION_WORDS: Record<string, string> = {
  none: "no known convention",
  gen_ai: "OpenTelemetry GenAI",
  openinference: "OpenInference",
  openllmetry: "OpenLLMetry",
  vercel_ai: "Vercel AI SDK",
  langfuse: "Langfuse",
  langsmith: "LangSmith",
  mastra: "Mastra",
  pydantic_ai: "Pydantic AI",
  claude_code: "Claude Code",
}
/** What a reading or a clock left in doubt, in a sentence. */
const FLAG_WORDS: Record<string, string> = {
  kind_guessed: "Nothing says what the span is: its kind was guessed",
  provider_guessed: "No provider is named: it was guessed from the model",
  usage_exclusive: "Cached tokens stood beside the input, where its convention says inside",
  usage_inclusive: "Cached tokens stood inside the input, where its convention says beside",
  reasoning_exclusive: "Reasoning stood beside the output, where its convention says inside",
  reasoning_inclusive: "Reasoning stood inside the output, where its convention says beside",
  usage_total_differs: "The total of tokens is no sum of its parts",
  bad_token_count: "A token count is no count: the call has no usage",
  bad_cost: "A cost is no amount: the call has none of its own",
  cost_in_dollars: "A cost in dollars is no amount of this project's currency: it was not taken",
  zero_cost_ignored: "A cost of 0 for a call with tokens was not believed",
  no_end: "Told before it had ended",
  clock_ahead: "Its clock was more than a day ahead of ours",
  ends_before_start: "It ended before it began",
}
const known = (words: Record<string, string>, name: string): string | undefined =>
  Object.hasOwn(words, name) ? words[name] : undefined

export const keyWords = (source: Source): string => source.key?.name ?? "a key that is gone"
export const flagWords = (name: string): string => known(FLAG_WORDS, name) ?? name.replaceAll("_", " ")
export const reasonWords = (code: string): string => (code === "" ? "reason not recorded" : code.replaceAll("_", " "))
/** From before doors were told apart: its doubts and what was ignored of it are not known, which is not none. */
export const isUntold = ({ format }: Source): boolean => format === "unknown"

/** `OTLP traces, OpenTelemetry GenAI` */
export function doorWords({ format, convention }: Source): string {
  const door = known(DOOR_WORDS, format) ?? format
  return convention === "" ? door : `${door}, ${known(CONVENTION_WORDS, convention) ?? convention}`
}

/** Where a kept item came from, and whether its decoder had made an event of it before it was refused. */
export function formWords(form: string): string {
  const [door = "", stage] = form.split(":", 2)
  const words = known(DOOR_WORDS, door) ?? door
  return stage === "event" ? `${words}, as an event` : words
}

/** `1 s / 30 s`: within what half, and 95 % of it came; null for a source of which nothing is known. */
export function lagWords({ lag, lag_max_ms }: Source): { text: string; title: string } | null {
  const half = lagWithin(lag, 0.5)
  const most = lagWithin(lag, 0.95)
  if (half === null || most === null) return null
  return {
    text: `${limitWords(half)} / ${limitWords(most)}`,
    title: `Half came within ${limitWords(half)}, 95 % within ${limitWords(most)}, the slowest after ${formatDuration(lag_max_ms)}: from the end of what an event tells of to its arrival.`,
  }
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const

/** Limits are round: `30 s`, `2 min`; past the last of them, `over 1 d`. */
function limitWords(ms: number): string {
  if (!Number.isFinite(ms)) return `over ${limitWords(LAG_LIMITS.at(-1) as number)}`
  const [unit, size] = UNITS.find(([, length]) => ms >= length) ?? ["ms", 1]
  return `${ms / size}\u00a0${unit}`
}

/** The page's answer in one sentence. */
export function qualitySentence({ sources, gaps }: SourceQuality): string {
  const sum = (of: (source: Source) => number) => sources.reduce((all, source) => all + of(source), 0)
  const taken = sum((source) => source.accepted)
  if (sources.length === 0) return "Nothing came in."
  const gone = gaps.count.is_capped ? "more than 10,000 runs" : plural(gaps.count.value, "run")
  const wrong = [
    [sum((source) => source.rejected), (n: number) => `${plural(n, "item")} refused`],
    [sum((source) => source.conflicts), (n: number) => `${plural(n, "contradiction")}`],
    [gaps.count.value, () => `${gone} with missing events`],
    [
      sum((source) => source.flags.reduce((all, flag) => all + flag.n, 0)),
      (n: number) => `${plural(n, "doubt")} in reading`,
    ],
  ] as const
  const found = wrong.flatMap(([n, words]) => (n > 0 ? [words(n)] : []))
  const came = `${plural(taken, "event")} from ${plural(sources.length, "source")}`
  if (found.length > 0) return `${came}: ${found.join(", ")}.`
  return sources.some(isUntold)
    ? `${came}: nothing refused or missing. Doubts were not counted for all of them.`
    : `${came}: nothing refused, missing or in doubt.`
}
