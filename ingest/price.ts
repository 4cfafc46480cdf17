import { type Money, parseMoney } from "@/lib/money"
import { lessDiscount, priceLines, type Rates } from "@/lib/price-lines"
import type { Extras, ServiceTier, Usage } from "@/lib/vocabulary"
import { canonicalProvider, MAKERS, type PriceName, priceNames, serviceTierOf } from "./price-names"

/** One dated row of the price book; rates per token or piece in `projectId`'s currency, null = the source names none. */
export type PriceRow = {
  id: number
  projectId: number | null
  provider: string
  model: string
  validFrom: number
  promptAbove: number
  serviceTier: ServiceTier
  rates: Rates
}
/** What a project pays less than a provider's list price, from an instant on. */
export type Discount = { id: number; projectId: number; provider: string; validFrom: number; percent: string }

/** One request at one instant, as its span tells it. */
export type Priceable = {
  projectId: number
  provider: string | null
  /** The model that answered, and the one that was asked for where that is another. */
  model: string | null
  askedModel: string | null
  startedAt: number
  serviceTier: string | null
  usage: Usage | null
  extras: Extras
}
/** `discount`: in percent, off the sum of the lines. */
export type Priced = { cost: Money; priceId: number; isEstimated: boolean; discount: string | null }
/** Sources may invent names without end. */
const MAX_NAMES = 10_000
type Found = { row: PriceRow; isAssumed: boolean }

/** Tokens of the prompt, cached ones included: what a long-context tier is chosen by, per request. */
export function promptTokens(usage: Usage): number {
  return usage.input + usage.cache_read + usage.cache_write + usage.audio_input
}

/** Rows by provider and model, the one to use first. Immutable: a change of the tables makes a new book. */
export class PriceBook {
  readonly #rows = new Map<string, PriceRow[]>()
  readonly #discounts = new Map<string, Discount[]>()
  /** Which names of the book a source's names lead to; thousands of calls ask for the same few. */
  readonly #names = new Map<string, readonly PriceName[]>()

  /** @param foreign projects that do not count in dollars, as the list prices do: only their own prices hold for them */
  constructor(
    rows: Iterable<PriceRow>,
    readonly version: string,
    discounts: Iterable<Discount> = [],
    readonly foreign: ReadonlySet<number> = new Set(),
  ) {
    for (const row of rows) push(this.#rows, `${canonicalProvider(row.provider)}\u0000${row.model}`, row)
    for (const each of discounts) push(this.#discounts, `${each.projectId} ${canonicalProvider(each.provider)}`, each)
    // The project's own before the list price, the newest first, a correction (greater id) before what it corrects.
    for (const known of this.#rows.values())
      known.sort(
        (a, b) =>
          Number(a.projectId === null) - Number(b.projectId === null) || b.validFrom - a.validFrom || b.id - a.id,
      )
    for (const known of this.#discounts.values()) known.sort((a, b) => b.validFrom - a.validFrom || b.id - a.id)
  }

  /** Prices a request by the row that holds for it. Null: nobody knows what it cost. */
  price(call: Priceable): Priced | null {
    if (call.usage === null) return null
    const found = this.find(call)
    if (!found) return null
    const lines = priceLines(call.usage, found.row.rates, call.extras)
    if (lines === null) return null
    const list = lines.reduce((sum, line) => sum + line.cost, 0n)
    const discount = found.row.projectId === null ? this.#discount(call, found.row.provider) : null
    return {
      cost: lessDiscount(list, discount),
      priceId: found.row.id,
      isEstimated: found.isAssumed || lines.some((line) => line.isFallback),
      discount,
    }
  }

  /**
   * The row for one request: by the model that answered, else by the one that was asked for; names as `priceNames` orders them. Of the newest dated set, the
   * service tier that the answer names (else the standard one), and of that the highest long-context tier that the prompt exceeds.
   */
  find(call: Priceable): Found | null {
    if (call.model === null) return null
    const answered = this.#byName(call, call.model)
    if (answered || call.askedModel === null) return answered
    const asked = this.#byName(call, call.askedModel)
    return asked && { row: asked.row, isAssumed: true }
  }

  #byName(call: Priceable, model: string): Found | null {
    const found = this.#first(call, call.provider, model)
    if (found) return found
    if (call.provider !== null) return null
    // Nobody said who answered: the maker's list price, when there is one maker of that name.
    const makers = MAKERS.flatMap((maker) => this.#first(call, maker, model) ?? [])
    return makers.length === 1 ? { row: (makers[0] as Found).row, isAssumed: true } : null
  }

  #first(call: Priceable, provider: string | null, model: string): Found | null {
    for (const name of this.#known(provider, model)) {
      const found = this.#pick(call, name)
      if (found) return found
    }
    return null
  }

  #known(provider: string | null, model: string): readonly PriceName[] {
    const key = `${provider ?? ""}\u0000${model}`
    let names = this.#names.get(key)
    if (!names) {
      names = priceNames(provider, model).filter((name) => this.#rows.has(`${name.provider}\u0000${name.model}`))
      if (this.#names.size >= MAX_NAMES) this.#names.clear()
      this.#names.set(key, names)
    }
    return names
  }

  #pick(call: Priceable, name: PriceName): Found | null {
    const rows = this.#rows.get(`${name.provider}\u0000${name.model}`)
    if (!rows) return null
    const prompt = call.usage === null ? 0 : promptTokens(call.usage)
    const tier = serviceTierOf(call.serviceTier)
    let base: PriceRow | null = null
    let best: PriceRow | null = null
    for (const row of rows) {
      const isOurs = row.projectId === null ? !this.foreign.has(call.projectId) : row.projectId === call.projectId
      if (row.validFrom > call.startedAt || !isOurs) continue
      if (base && (row.validFrom !== base.validFrom || row.projectId !== base.projectId)) {
        // A set that has nothing for this request leaves it to the one before.
        if (rank(best, tier) >= 0) break
        base = row
      }
      base ??= row
      if (row.promptAbove > 0 && prompt <= row.promptAbove) continue
      if (rank(row, tier) > rank(best, tier)) best = row
    }
    return best && { row: best, isAssumed: name.isAssumed || best.serviceTier !== tier }
  }

  #discount(call: Priceable, provider: string): string | null {
    const known = this.#discounts.get(`${call.projectId} ${canonicalProvider(provider)}`)
    const valid = known?.find((each) => each.validFrom <= call.startedAt)
    return valid === undefined || Number(valid.percent) === 0 ? null : valid.percent
  }
}

/** The tier that was asked for before the standard one, no other; of one tier the greatest limit. Equal ranks: the first, which is the newest. */
function rank(row: PriceRow | null, tier: ServiceTier | null): number {
  if (row === null) return -1
  if (row.serviceTier === tier) return 1e12 + row.promptAbove
  return row.serviceTier === "standard" ? row.promptAbove : -1
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const known = map.get(key)
  if (known) known.push(item)
  else map.set(key, [item])
}

export function parseRate(text: string | null): Money | null {
  return text === null ? null : parseMoney(text)
}
