import { formatMoney, type Money, parseMoney } from "@/lib/money"
import { TOKEN_BUCKETS, type TokenBucket, type Usage } from "@/lib/vocabulary"
import { toAmount } from "./amount"
import { Refusal } from "./refusal"

type Json = Record<string, unknown>
/** Buckets that do not overlap; `cache_write_1h` is a part of `cache_write`. `flags` say what was concluded rather than read. */
export type ReadUsage = { usage: Usage & { cache_write_1h?: number }; flags: string[] }

/** The first of these names that is there counts: they are names of one thing. */
const SAME: Record<string, readonly string[]> = {
  input: ["input", "input_tokens", "prompt_tokens", "promptTokens"],
  output: ["output", "output_tokens", "completion_tokens", "completionTokens"],
  total: ["total", "total_tokens", "totalTokens"],
  cache_read: ["cache_read_input_tokens", "input_cached_tokens", "input_cache_read", "cached_tokens"],
  cache_write: [
    ...["cache_creation_input_tokens", "input_cache_creation", "input_cache_write"],
    ...["input_cache_creation_tokens", "input_cache_write_tokens"],
  ],
  cache_write_5m: ["input_cache_creation_5m", "ephemeral_5m_input_tokens"],
  cache_write_1h: ["input_cache_creation_1h", "ephemeral_1h_input_tokens"],
  reasoning: ["output_reasoning_tokens", "output_reasoning", "reasoning_tokens"],
  audio_input: ["input_audio_tokens", "input_audio"],
  audio_output: ["output_audio_tokens", "output_audio"],
}
const NAMED = new Set(Object.values(SAME).flat())
/** OpenAI's forms, whose details are parts of their totals. */
const FORMS = [
  {
    input: "prompt_tokens",
    inDetails: "prompt_tokens_details",
    output: "completion_tokens",
    outDetails: "completion_tokens_details",
  },
  {
    input: "input_tokens",
    inDetails: "input_tokens_details",
    output: "output_tokens",
    outDetails: "output_tokens_details",
  },
] as const

/**
 * Tokens of an observation: `usageDetails`, else `usage`. Each key of the details is a bucket of its own, except in OpenAI's forms, and except where
 * a total shows that it is not. Null = unknown: none that could be told apart.
 * @throws Refusal for counts that are none.
 */
export function readUsage(body: Json): ReadUsage | null {
  const details = isObject(body.usageDetails) ? flatten(body.usageDetails) : null
  if (details && details.counts.size > 0) return toBuckets(details.counts, details.flags)
  if (!isObject(body.usage)) return null
  const { unit } = body.usage
  // Characters, seconds or images are no tokens: they stay among the attributes.
  if (typeof unit === "string" && unit !== "TOKENS") return null
  const { inputCost: _i, outputCost: _o, totalCost: _t, unit: _u, ...counts } = body.usage
  const plain = flatten(counts)
  return plain.counts.size > 0 ? toBuckets(plain.counts, plain.flags) : null
}

/**
 * OpenAI's details as buckets of their own, taken off the totals that hold them. Details without a bucket (text, images, predictions) stay in
 * their total. More details than the total holds: then they stand beside it.
 */
function flatten(given: Json): { counts: Map<string, number>; flags: string[] } {
  const form = FORMS.find((names) => isObject(given[names.inDetails]) || isObject(given[names.outDetails]))
  if (!form) return { counts: countsOf(given), flags: [] }
  const counts = countsOf({ input: given[form.input], output: given[form.output], total: given.total_tokens })
  const flags: string[] = []
  for (const [side, details] of [
    ["input", given[form.inDetails]],
    ["output", given[form.outDetails]],
  ] as const) {
    let inside = 0
    for (const [name, count] of countsOf(isObject(details) ? details : {})) {
      if (!NAMED.has(`${side}_${name}`)) continue
      counts.set(`${side}_${name}`, count)
      inside += count
    }
    const whole = counts.get(side) ?? 0
    if (inside <= whole) counts.set(side, whole - inside)
    else flags.push("usage_exclusive")
  }
  // The total has shown nothing that the form does not say.
  if (flags.length === 0) counts.delete("total")
  return { counts, flags }
}

function toBuckets(counts: ReadonlyMap<string, number>, flags: readonly string[]): ReadUsage | null {
  const first = (name: string): number | null => {
    for (const key of SAME[name] as readonly string[]) {
      const count = counts.get(key)
      if (count !== undefined) return count
    }
    return null
  }
  const usage: ReadUsage["usage"] = {
    ...(Object.fromEntries(TOKEN_BUCKETS.map((bucket) => [bucket, 0])) as Usage),
    input: first("input") ?? 0,
    output: first("output") ?? 0,
    cache_read: first("cache_read") ?? 0,
    reasoning: first("reasoning") ?? 0,
    audio_input: first("audio_input") ?? 0,
    audio_output: first("audio_output") ?? 0,
  }
  const parts = (first("cache_write_5m") ?? 0) + (first("cache_write_1h") ?? 0)
  const whole = first("cache_write")
  // Named twice, whole and in its parts, it is one number.
  usage.cache_write = whole === null || whole === parts ? parts : whole + parts
  const hourly = first("cache_write_1h")
  if (hourly) usage.cache_write_1h = hourly
  let hasSome = [...NAMED].some((key) => counts.has(key) && !(SAME.total as readonly string[]).includes(key))
  for (const [key, count] of counts) {
    if (NAMED.has(key)) continue
    // Text, images and the like are billed with their side; anything else is no token that we know.
    const side: TokenBucket | null = key.startsWith("input") ? "input" : key.startsWith("output") ? "output" : null
    if (side === null) continue
    usage[side] += count
    hasSome = true
  }
  // A total alone cannot be priced: which part of it was output is not known.
  if (!hasSome) return null
  return { usage, flags: [...flags, ...settle(usage, first("total"))] }
}

/** A total shows whether the sides hold their parts or stand beside them; without one they stand beside them, as the format says. */
function settle(usage: Usage, total: number | null): string[] {
  const inside = usage.cache_read + usage.cache_write + usage.audio_input
  const within = usage.reasoning + usage.audio_output
  const sides = usage.input + usage.output
  if (total === null || total === sides + inside + within) return []
  const holds = [
    { input: true, output: true, sum: sides },
    { input: true, output: false, sum: sides + within },
    { input: false, output: true, sum: sides + inside },
  ].find(
    ({ input, output, sum }) => sum === total && !(input && inside > usage.input) && !(output && within > usage.output),
  )
  if (!holds) return ["usage_total_differs"]
  if (holds.input) usage.input -= inside
  if (holds.output) usage.output -= within
  return ["usage_inclusive"]
}

/** The counts of a record: whole numbers or their text; what is neither is left out, what is negative or broken is refused. */
function countsOf(given: Json): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [key, value] of Object.entries(given)) {
    const text = typeof value === "string" ? value.trim() : null
    if (typeof value !== "number" && !(text !== null && /^-?\d+(\.\d+)?$/.test(text))) continue
    const count = text === null ? (value as number) : Number(text)
    if (count < 0) throw new Refusal("negative_amount", `usage.${key}`, "must not be negative")
    if (!Number.isSafeInteger(count) || count > 1e12)
      throw new Refusal("number_out_of_range", `usage.${key}`, "must be a whole number of at most 10^12")
    counts.set(key, count)
  }
  return counts
}

/**
 * What the source says it cost, in dollars: `costDetails.total`, else input and output where these are all it names, else the costs in `usage`.
 * At most 12 decimals, which is what an event may report. @throws Refusal
 */
export function readCost(body: Json): string | null {
  const costs = isObject(body.costDetails) ? costsOf(body.costDetails, "costDetails") : new Map<string, Money>()
  const total = costs.get("total")
  if (total !== undefined) return formatMoney(total)
  if (costs.size > 0 && [...costs.keys()].every((key) => key === "input" || key === "output")) return sumOf(costs)
  if (!isObject(body.usage)) return null
  const { inputCost, outputCost, totalCost } = body.usage
  const plain = costsOf({ inputCost, outputCost, totalCost }, "usage")
  const whole = plain.get("totalCost")
  if (whole !== undefined) return formatMoney(whole)
  return plain.size === 0 ? null : sumOf(plain)
}

const sumOf = (costs: ReadonlyMap<string, Money>): string =>
  formatMoney([...costs.values()].reduce((sum, cost) => sum + cost, 0n))

function costsOf(given: Json, field: string): Map<string, Money> {
  const costs = new Map<string, Money>()
  for (const [key, value] of Object.entries(given)) {
    if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) continue
    const amount = toAmount(value)
    if (amount !== null) costs.set(key, parseMoney(amount))
    else if (Number(value) < 0) throw new Refusal("negative_amount", `${field}.${key}`, "must not be negative")
    else throw new Refusal("invalid_decimal", `${field}.${key}`, "is no amount of money that an event can hold")
  }
  return costs
}

export function isObject(value: unknown): value is Json {
  return value !== null && typeof value === "object" && !Array.isArray(value)
}
