import type { Money } from "@/lib/money"
import { TOKEN_BUCKETS, type TokenBucket, type Usage } from "@/lib/vocabulary"

/** Money per token, null = the source of the price names none. */
export type Rates = Record<TokenBucket, Money | null>
export type PriceLine = { bucket: TokenBucket; tokens: number; rate: Money; cost: Money; isFallback: boolean }

/**
 * What stands in for a rate that the row does not name, so that a bucket is never billed at zero: cached and audio tokens at the rate of what
 * they would have been without cache or audio, reasoning at the output rate.
 */
const FALLBACK: Partial<Record<TokenBucket, TokenBucket>> = {
  cache_read: "input",
  cache_write: "input",
  audio_input: "input",
  reasoning: "output",
  audio_output: "output",
}
/** Providers bill these at the rate of their fallback when they name no rate of their own, so that is no estimate. */
const SAME_AS_FALLBACK = new Set<TokenBucket>(["reasoning"])

/**
 * The arithmetic of a cost, one line a bucket that has tokens; their sum is the cost, exactly. Ingest prices with it and the trace explains with
 * it, so that what is shown is what was done.
 */
export function priceLines(usage: Usage, rates: Rates): PriceLine[] {
  const lines: PriceLine[] = []
  for (const bucket of TOKEN_BUCKETS) {
    const tokens = usage[bucket]
    if (tokens === 0) continue
    const own = rates[bucket]
    const rate = own ?? rates[FALLBACK[bucket] ?? "input"] ?? 0n
    const isFallback = own === null && !SAME_AS_FALLBACK.has(bucket)
    lines.push({ bucket, tokens, rate, cost: BigInt(tokens) * rate, isFallback })
  }
  return lines
}
