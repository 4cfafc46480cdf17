import { TOKEN_BUCKETS, type TokenBucket } from "@/lib/vocabulary"

/** Counts as a convention names them; absent = not given. */
export type Counts = {
  input?: number
  output?: number
  total?: number
  cacheRead?: number
  cacheWrite?: number
  /** Of `cacheWrite`. */
  cacheWrite1h?: number
  reasoning?: number
  audioInput?: number
  audioOutput?: number
}
/** Whether the input of a convention holds the cached tokens, and its output the reasoning. */
export type Holding = { cache: boolean; reasoning: boolean }
export type Buckets = Partial<Record<TokenBucket, number>> & { cache_write_1h?: number }
export type DisjointUsage = { usage: Buckets; flags: string[] }

/**
 * Counts as buckets that do not overlap. What the convention says holds, until the numbers speak against it: a cache larger than the input cannot be
 * a part of it, and a total that adds up one way only decides. `flags` say where the numbers did. Null = nothing that could be told apart.
 */
export function disjoint(counts: Counts, says: Holding): DisjointUsage | null {
  const flags: string[] = []
  const { total, reasoning = 0, audioInput = 0, audioOutput = 0 } = counts
  const hourly = counts.cacheWrite1h ?? 0
  const cacheWrite = Math.max(counts.cacheWrite ?? 0, hourly)
  const cached = (counts.cacheRead ?? 0) + cacheWrite
  let { input, output } = counts
  if (input === undefined && output === undefined && cached === 0 && reasoning === 0) return null
  // One side alone and a total give the other.
  if (total !== undefined && input === undefined && output !== undefined && cached === 0)
    input = Math.max(0, total - output)
  if (total !== undefined && output === undefined && input !== undefined && reasoning === 0)
    output = Math.max(0, total - input)

  const holds = settle({ ...counts, input, output }, { cached, reasoning }, says)
  if (holds.cache !== says.cache) flags.push(says.cache ? "usage_exclusive" : "usage_inclusive")
  if (holds.reasoning !== says.reasoning) flags.push(says.reasoning ? "reasoning_exclusive" : "reasoning_inclusive")
  if (total !== undefined && !holds.isTotalMet) flags.push("usage_total_differs")

  // In the order of their names, as they are stored.
  const usage: Buckets = {}
  if (audioInput) usage.audio_input = audioInput
  if (audioOutput) usage.audio_output = audioOutput
  if (counts.cacheRead) usage.cache_read = counts.cacheRead
  if (cacheWrite) usage.cache_write = cacheWrite
  if (hourly > 0) usage.cache_write_1h = hourly
  if (input !== undefined) {
    const uncached = holds.cache ? input - cached : input
    usage.input = Math.max(0, uncached - (audioInput <= uncached ? audioInput : 0))
  }
  if (output !== undefined) {
    const spoken = holds.reasoning ? output - reasoning : output
    usage.output = Math.max(0, spoken - (audioOutput <= spoken ? audioOutput : 0))
  }
  if (reasoning) usage.reasoning = reasoning
  return { usage, flags }
}

type Settled = Holding & { isTotalMet: boolean }

function settle(counts: Counts, { cached, reasoning }: { cached: number; reasoning: number }, says: Holding): Settled {
  const { input = 0, output = 0, total } = counts
  // Without parts there is one reading.
  if (cached === 0 && reasoning === 0) return { ...says, isTotalMet: total === undefined || total === input + output }
  if (total === undefined && cached <= input && reasoning <= output) return { ...says, isTotalMet: true }
  const isPossible = ({ cache, reasoning: held }: Holding) =>
    !(cache && counts.input !== undefined && cached > input) &&
    !(held && counts.output !== undefined && reasoning > output)
  const sum = ({ cache, reasoning: held }: Holding) => input + output + (cache ? 0 : cached) + (held ? 0 : reasoning)
  // What the convention says first: where two readings give the same sum, nothing speaks against it.
  const readings = [
    says,
    { ...says, cache: !says.cache },
    { ...says, reasoning: !says.reasoning },
    { cache: !says.cache, reasoning: !says.reasoning },
  ].filter(isPossible)
  const met = total === undefined ? undefined : readings.find((reading) => sum(reading) === total)
  const first = readings[0] ?? { cache: false, reasoning: false }
  return met ? { ...met, isTotalMet: true } : { ...first, isTotalMet: total === undefined }
}

const MOST = 1e12

/** A token count: a whole number or its text. `undefined` = absent, `null` = there, but no count. */
export function toCount(value: unknown): number | null | undefined {
  if (value === undefined || value === null || value === "") return undefined
  const count = typeof value === "string" && /^\s*\+?\d+(\.0*)?\s*$/.test(value) ? Number(value) : value
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 && count <= MOST ? count : null
}

export const hasTokens = (usage: Buckets): boolean => TOKEN_BUCKETS.some((bucket) => (usage[bucket] ?? 0) > 0)
