import { DAY_MS, toIso } from "@/lib/time"

export type DemoPrice = {
  provider: string
  model: string
  valid_from: string
  input: string
  cache_read: string
  output: string
  source: string
  source_date: string
}

const PRICE_CHANGE_DAYS = 30

/**
 * The demo project's own dated prices, USD per token: a contract rate for gpt-5-mini 20 % below the list, which ran out 30 days before `until`.
 * They must be stored before the history is ingested, because ingest prices an event once.
 */
export function demoPrices(until: number): DemoPrice[] {
  const changed = toIso(until - PRICE_CHANGE_DAYS * DAY_MS)
  const source = "demo: made-up contract"
  const row = { provider: "openai", model: "gpt-5-mini", source, source_date: changed.slice(0, 10) }
  return [
    {
      ...row,
      valid_from: "2000-01-01T00:00:00.000Z",
      input: "0.0000002",
      cache_read: "0.00000002",
      output: "0.0000016",
    },
    { ...row, valid_from: changed, input: "0.00000025", cache_read: "0.000000025", output: "0.000002" },
  ]
}
