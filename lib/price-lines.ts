import type { Money } from "@/lib/money"
import {
  type Extras,
  TOKEN_BUCKETS,
  TOKEN_PART_NAMES,
  TOKEN_PARTS,
  type TokenBucket,
  type TokenPart,
  type Usage,
} from "@/lib/vocabulary"

/** What a price row names a rate for: the buckets and their parts per token, then by the piece. */
export const PIECE_RATES = ["image", "search", "request"] as const
export const RATE_NAMES = [...TOKEN_BUCKETS, ...TOKEN_PART_NAMES, ...PIECE_RATES] as const
export type RateName = (typeof RATE_NAMES)[number]
/** Money per token or piece, null = the source of the price names none. */
export type Rates = Record<RateName, Money | null>
export type PriceLine = { bucket: RateName; tokens: number; rate: Money; cost: Money; isFallback: boolean }

/**
 * What stands in for a rate that the row does not name, so that a bucket is never billed at zero: cached, audio and image tokens at the rate of
 * what they would have been without, reasoning at the output rate.
 */
const FALLBACK: Partial<Record<RateName, TokenBucket>> = {
  cache_read: "input",
  cache_write: "input",
  audio_input: "input",
  image_input: "input",
  reasoning: "output",
  audio_output: "output",
  image_output: "output",
}
/** Providers bill these at the rate of their fallback when they name no rate of their own, so that is no estimate. */
const SAME_AS_FALLBACK = new Set<RateName>(["reasoning"])

/**
 * The arithmetic of a cost, one line a meter that counted; their sum is the cost before any discount, exactly. Ingest prices with it and the trace
 * explains with it, so that what is shown is what was done.
 * @returns null when pieces were used that the row has no rate for: unknown is not zero. A request costs nothing where the row names no rate for one.
 */
export function priceLines(usage: Usage, rates: Rates, extras: Extras = {}): PriceLine[] | null {
  const lines: PriceLine[] = []
  const add = (bucket: RateName, tokens: number) => {
    if (tokens === 0) return
    const own = rates[bucket]
    const rate = own ?? fallbackRate(bucket, rates)
    const isFallback = own === null && !SAME_AS_FALLBACK.has(bucket)
    lines.push({ bucket, tokens, rate, cost: BigInt(tokens) * rate, isFallback })
  }
  for (const bucket of TOKEN_BUCKETS) {
    let rest = usage[bucket]
    const parts: [TokenPart, number][] = []
    for (const part of TOKEN_PART_NAMES) {
      if (TOKEN_PARTS[part] !== bucket) continue
      // A part is never more than what it is part of, whatever the source counted.
      const tokens = Math.min(extras[part] ?? 0, rest)
      rest -= tokens
      parts.push([part, tokens])
    }
    add(bucket, rest)
    for (const [part, tokens] of parts) add(part, tokens)
  }
  const pieces = { image: extras.images ?? 0, search: extras.searches ?? 0, request: extras.requests ?? 1 }
  for (const name of PIECE_RATES) {
    if (pieces[name] === 0) continue
    if (rates[name] !== null) add(name, pieces[name])
    else if (name !== "request") return null
  }
  return lines
}

function fallbackRate(bucket: RateName, rates: Rates): Money {
  if (bucket === "cache_write_1h") {
    const { input, cache_write } = rates
    // Who bills five minutes at 1.25 times the input bills an hour at twice.
    if (input !== null && cache_write !== null && cache_write * 4n === input * 5n) return input * 2n
    return cache_write ?? input ?? 0n
  }
  return rates[FALLBACK[bucket] ?? "input"] ?? 0n
}

/** 10^4: a percentage has four decimals at most. */
const PER_CENT = 10_000n

/** What is left of a list price, exact to the 24th decimal. @param percent of the list price, a decimal of at most four decimals from 0 to 100. */
export function lessDiscount(cost: Money, percent: string | null): Money {
  if (percent === null) return cost
  const [whole = "0", fraction = ""] = percent.split(".")
  const parts = BigInt(whole) * PER_CENT + BigInt(fraction.slice(0, 4).padEnd(4, "0"))
  return (cost * (100n * PER_CENT - parts)) / (100n * PER_CENT)
}

/** More than this share of the computed cost between it and the reported one is worth a look. */
const TOLERATED_PERCENT = 2n

/** The source reported a cost that is off what we compute by more than 2 % of it. */
export function isDiffering(reported: Money | null, computed: Money | null): boolean {
  if (reported === null || computed === null) return false
  const off = reported > computed ? reported - computed : computed - reported
  return off * 100n > computed * TOLERATED_PERCENT
}
