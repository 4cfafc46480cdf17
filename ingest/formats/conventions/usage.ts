import type { Attributes } from "@/ingest/formats/otlp/model"
import { type Counts, toCount } from "@/ingest/formats/tokens"
import type { Found, UsageNames } from "./convention"

const COUNTS: readonly (keyof Counts)[] = [
  "input",
  "output",
  "total",
  "cacheRead",
  "cacheWrite",
  "cacheWrite1h",
  "reasoning",
  "audioInput",
  "audioOutput",
]

/** Counts by their names, the first that is there. Null when there is none at all. */
export function countsAt(given: Attributes | Record<string, unknown>, names: UsageNames): Found | null {
  const counts: Counts = {}
  const badCounts: string[] = []
  let hasSome = false
  for (const count of COUNTS) {
    for (const name of names[count] ?? NONE) {
      const value = toCount(given[name])
      if (value === undefined) continue
      hasSome = true
      if (value === null) badCounts.push(name)
      else counts[count] = value
      break
    }
  }
  return hasSome ? { counts, holds: names.holds, badCounts } : null
}

const NONE: readonly string[] = []

/** Input holds the cached tokens, output the reasoning: what most have agreed on. */
export const INCLUSIVE = { cache: true, reasoning: true } as const
/** As Anthropic counts: what came from the cache stands beside the input. */
export const BESIDE = { cache: false, reasoning: true } as const
export const DISJOINT = { cache: false, reasoning: false } as const
