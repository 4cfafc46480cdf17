import { type Money, parseMoney } from "@/lib/money"
import { priceLines, type Rates } from "@/lib/price-lines"
import type { Usage } from "@/lib/vocabulary"

/** One dated row of the price book; rates per token in `projectId`'s currency, null = the source names none. */
export type PriceRow = {
  id: number
  projectId: number | null
  provider: string
  model: string
  validFrom: number
  promptAbove: number
  rates: Rates
}

export type Priced = { cost: Money; priceId: number; isEstimated: boolean }

export function priceUsage(usage: Usage, row: PriceRow): Priced {
  let cost = 0n
  let isEstimated = false
  for (const line of priceLines(usage, row.rates)) {
    cost += line.cost
    isEstimated ||= line.isFallback
  }
  return { cost, priceId: row.id, isEstimated }
}

/** Tokens of the prompt, cached ones included: what a long-context tier is chosen by, per request. */
export function promptTokens(usage: Usage): number {
  return usage.input + usage.cache_read + usage.cache_write + usage.audio_input
}

/** Rows by provider and model, the one to use first. Immutable: a change of the table makes a new book. */
export class PriceBook {
  readonly #rows = new Map<string, PriceRow[]>()

  constructor(
    rows: Iterable<PriceRow>,
    readonly version: number,
  ) {
    for (const row of rows) {
      const key = `${row.provider}\u0000${row.model}`
      const known = this.#rows.get(key)
      if (known) known.push(row)
      else this.#rows.set(key, [row])
    }
    // The project's own before the list price, the newest first, a correction (greater id) before what it corrects.
    for (const known of this.#rows.values())
      known.sort(
        (a, b) =>
          Number(a.projectId === null) - Number(b.projectId === null) || b.validFrom - a.validFrom || b.id - a.id,
      )
  }

  /**
   * The row for one request at one instant: exact model name, else the name without its date (`-20250929`, `-2025-09-29`); never a part of a
   * name (gpt-4 must not price gpt-4o-mini). Of the newest dated set, the highest tier that the prompt exceeds. Null = unpriced.
   */
  find(projectId: number, provider: string | null, model: string | null, at: number, prompt: number): PriceRow | null {
    if (provider === null || model === null) return null
    return (
      this.#pick(projectId, `${provider}\u0000${model}`, at, prompt) ??
      this.#pick(projectId, `${provider}\u0000${model.replace(DATE_SUFFIX, "")}`, at, prompt)
    )
  }

  #pick(projectId: number, key: string, at: number, prompt: number): PriceRow | null {
    const rows = this.#rows.get(key)
    if (!rows) return null
    let base: PriceRow | null = null
    let best: PriceRow | null = null
    for (const row of rows) {
      if (row.validFrom > at || (row.projectId !== null && row.projectId !== projectId)) continue
      if (base && (row.validFrom !== base.validFrom || row.projectId !== base.projectId)) break
      base ??= row
      if (row.promptAbove > 0 && prompt <= row.promptAbove) continue
      if (!best || row.promptAbove > best.promptAbove) best = row
    }
    return best
  }
}

const DATE_SUFFIX = /-(\d{8}|\d{4}-\d{2}-\d{2})$/

export function parseRate(text: string | null): Money | null {
  return text === null ? null : parseMoney(text)
}
