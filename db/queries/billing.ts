import { EXTRAS, type Extras } from "@/lib/vocabulary"
import type { Row } from "./rows"

/** What a span's price depended on beside its columns, as ingest left it in `spans.billing`. */
export type Billing = {
  /** The model that was asked for, when another answered. */
  askedModel: string | null
  serviceTier: string | null
  /** Percent off the list price. */
  discount: string | null
  /** The act that priced it again. */
  repricing: number | null
  /** The act that read it again by a mended mapping. */
  remapping: number | null
  extras: Extras
}

export function readBilling(row: Row, column = "billing"): Billing {
  const said = (row[column] ?? {}) as Record<string, unknown>
  const text = (name: string) => (typeof said[name] === "string" ? said[name] : null)
  const count = (name: string) => (Number.isSafeInteger(said[name]) ? (said[name] as number) : null)
  const extras: Extras = {}
  for (const name of EXTRAS) {
    const value = count(name)
    if (value !== null) extras[name] = value
  }
  return {
    askedModel: text("asked_model"),
    serviceTier: text("service_tier"),
    discount: text("discount"),
    repricing: count("repricing"),
    remapping: count("remapping"),
    extras,
  }
}
