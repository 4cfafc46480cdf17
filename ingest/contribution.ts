import type { Money } from "@/lib/money"
import { isDiffering } from "@/lib/price-lines"
import { quarterHour } from "@/lib/time"
import { TOKEN_BUCKETS, type TokenBucket, type Usage } from "@/lib/vocabulary"

/** What one span adds to the totals that it is part of; sums of these are every figure that Andon shows. */
export type Contribution = {
  startedAt: number
  dimensionSetId: number
  isStep: boolean
  isError: boolean
  isCall: boolean
  usage: Usage | null
  cost: Money | null
  reportedCost: Money | null
  computedCost: Money | null
}

export type Sums = Record<TokenBucket, number> & {
  spans: number
  steps: number
  /** Of all spans in a run's totals, of model calls in a roll-up. */
  errors: number
  calls: number
  unpriced_calls: number
  /** Reported and computed cost are more than 2 % apart. */
  differing_calls: number
  cost: Money
  reported_cost: Money
  computed_cost: Money
}

export function zeroSums(): Sums {
  return {
    spans: 0,
    steps: 0,
    errors: 0,
    calls: 0,
    unpriced_calls: 0,
    differing_calls: 0,
    input: 0,
    cache_read: 0,
    cache_write: 0,
    output: 0,
    reasoning: 0,
    audio_input: 0,
    audio_output: 0,
    cost: 0n,
    reported_cost: 0n,
    computed_cost: 0n,
  }
}

/** Adds (`sign` 1) or takes back (-1) one span. Only model calls carry tokens and money: a roll-up span never repeats its children's. */
export function addContribution(sums: Sums, c: Contribution, sign: 1 | -1): void {
  sums.spans += sign
  if (c.isStep) sums.steps += sign
  if (c.isError) sums.errors += sign
  if (c.isCall) addCall(sums, c, sign)
}

function addCall(sums: Sums, c: Contribution, sign: 1 | -1): void {
  const money = BigInt(sign)
  sums.calls += sign
  if (c.cost === null) sums.unpriced_calls += sign
  else sums.cost += money * c.cost
  if (isDiffering(c.reportedCost, c.computedCost)) sums.differing_calls += sign
  if (c.reportedCost !== null) sums.reported_cost += money * c.reportedCost
  if (c.computedCost !== null) sums.computed_cost += money * c.computedCost
  if (c.usage !== null) for (const bucket of TOKEN_BUCKETS) sums[bucket] += sign * c.usage[bucket]
}

export type SpendDelta = { projectId: number; bucket: number; dimensionSetId: number; sums: Sums }

/** Differences of one transaction, gathered per roll-up row of the 15-minute level; the day level is cut in SQL, in the project's zone. */
export class Deltas {
  readonly spend = new Map<string, SpendDelta>()
  readonly counts = { health: new Map<string, CountDelta>(), verification: new Map<string, CountDelta>() }

  addSpan(projectId: number, c: Contribution, sign: 1 | -1): void {
    if (!c.isCall) return
    const bucket = quarterHour(c.startedAt)
    const key = `${projectId} ${bucket} ${c.dimensionSetId}`
    let delta = this.spend.get(key)
    if (!delta) {
      delta = { projectId, bucket, dimensionSetId: c.dimensionSetId, sums: zeroSums() }
      this.spend.set(key, delta)
    }
    addCall(delta.sums, c, sign)
    if (c.isError) delta.sums.errors += sign
  }

  addCount(
    table: "health" | "verification",
    projectId: number,
    at: number,
    dimensionSetId: number,
    first: string,
    second: string,
    sign: 1 | -1,
  ): void {
    const bucket = quarterHour(at)
    const key = `${projectId} ${bucket} ${dimensionSetId} ${first}\u0000${second}`
    const counts = this.counts[table]
    let delta = counts.get(key)
    if (!delta) {
      delta = { projectId, bucket, dimensionSetId, first, second, count: 0 }
      counts.set(key, delta)
    }
    delta.count += sign
  }
}

/** `first`, `second`: status and proof of a run, or check and outcome of a verification. */
export type CountDelta = {
  projectId: number
  bucket: number
  dimensionSetId: number
  first: string
  second: string
  count: number
}
