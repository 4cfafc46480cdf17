import { RATE_NAMES, type RateName } from "@/lib/price-lines"
import type { Extras, Usage } from "@/lib/vocabulary"
import { emptyUsage } from "./fold-money"
import { type Priceable, type PriceRow, parseRate } from "./price"

export type TestRates = Partial<Record<RateName, string>>
let nextId = 1

/** A row of a price book, valid since ever, of the provider `p`. */
export function priceRow(model: string, rates: TestRates, more: Partial<PriceRow> = {}): PriceRow {
  return {
    id: nextId++,
    projectId: null,
    provider: "p",
    model,
    validFrom: 0,
    promptAbove: 0,
    serviceTier: "standard",
    rates: Object.fromEntries(RATE_NAMES.map((name) => [name, parseRate(rates[name] ?? null)])) as PriceRow["rates"],
    ...more,
  }
}

/** A call of that provider. */
export function callOf(
  model: string | null,
  usage: Partial<Usage> & Extras = {},
  more: Partial<Priceable> = {},
): Priceable {
  const { cache_write_1h, image_input, image_output, images, searches, requests, ...buckets } = usage
  const given = { cache_write_1h, image_input, image_output, images, searches, requests }
  return {
    projectId: 1,
    provider: "p",
    model,
    askedModel: null,
    startedAt: Date.UTC(2026, 10, 20),
    serviceTier: null,
    usage: { ...emptyUsage(), ...buckets },
    extras: Object.fromEntries(Object.entries(given).filter(([, count]) => count !== undefined)),
    ...more,
  }
}
