import { type ProjectTx, sql } from "@/db/client"
import type { SpanDetail, SpanRow } from "@/lib/contracts/read"
import { AppError } from "@/lib/errors"
import { formatMoney, type Money, parseMoney } from "@/lib/money"
import { isDiffering, lessDiscount, priceLines, RATE_NAMES, type Rates } from "@/lib/price-lines"
import { DAY_MS, toIso } from "@/lib/time"
import { type Billing, readBilling } from "./billing"
import { iso } from "./range"
import { type Row, readCount, readCountOrNull, readMoneyOrNull, readText, selectRows } from "./rows"
import { getRunBounds, ofRun, type RunBounds } from "./run-spans"
import { listSpanEvents } from "./span-events"
import { SPAN_COLUMNS, toSpanRow } from "./span-rows"

/** Events that come with a span; it has one or two, a producer gone wild has thousands, and those are paged. */
const EVENTS_SHOWN = 20

/**
 * One span with the arithmetic of its price and what its events carried. `runId` null: the span of a `cost` event.
 * @param options `withPayload` false leaves bodies out (null): for those who work with aggregates.
 * @returns `price.lines` less `price.discount` sum to `computed_cost`, exactly.
 * @throws AppError `not_found`.
 */
export async function getSpan(
  tx: ProjectTx,
  runId: string | null,
  spanId: string,
  options: { withPayload?: boolean } = {},
): Promise<SpanDetail> {
  const bounds = runId === null ? null : await getRunBounds(tx, runId)
  const where =
    runId === null || bounds === null ? sql`s.project_id = ${tx.projectId} and s.run_id = ''` : ofRun(tx, runId, bounds)
  const [row] = await selectRows(
    tx,
    sql`select ${SPAN_COLUMNS}, s.price_id, s.billing, s.event_count, ${iso(sql`s.received_at`)} as received_at from spans s
        where ${where} and s.span_id = ${spanId} order by s.started_at desc limit 1`,
  )
  if (!row) throw new AppError("not_found", "There is no such span.")
  const span = toSpanRow(row)
  const billing = readBilling(row)
  const price = await findPrice(tx, span, billing, readCountOrNull(row, "price_id"))
  const events = await listSpanEvents(
    tx,
    runId,
    spanId,
    { limit: EVENTS_SHOWN, ...options },
    bounds ?? dayAround(readText(row, "received_at")),
  )
  return {
    ...span,
    price,
    asked_model: billing.askedModel,
    service_tier: billing.serviceTier,
    repricing: billing.repricing,
    remapping: billing.remapping,
    is_differing: isDiffering(moneyOf(span.reported_cost), moneyOf(span.computed_cost)),
    unpriced_reason: price === null && span.is_call ? reasonWhyNot(span, billing) : null,
    events: events.items,
    event_count: readCount(row, "event_count"),
  }
}

/** A cost event is one event; a day on either side is what a partition needs to be ruled out. */
function dayAround(receivedAt: string): Pick<RunBounds, "firstReceived" | "lastReceived"> {
  const at = Date.parse(receivedAt)
  return { firstReceived: toIso(at - DAY_MS), lastReceived: toIso(at + DAY_MS) }
}

const moneyOf = (text: string | null): Money | null => (text === null ? null : parseMoney(text))

async function findPrice(
  tx: ProjectTx,
  span: SpanRow,
  { extras, discount }: Billing,
  priceId: number | null,
): Promise<SpanDetail["price"]> {
  if (priceId === null || span.tokens === null) return null
  const [row] = await selectRows(
    tx,
    sql`select id, provider, model, ${iso(sql`valid_from`)} as valid_from, prompt_above, service_tier, source, source_date,
          ${sql.raw(RATE_NAMES.map((name) => `trim_scale(${name})::text as ${name}`).join(", "))}
        from prices where id = ${priceId}`,
  )
  if (!row) return null
  const lines = priceLines(span.tokens, readRates(row), extras)
  if (lines === null) return null
  const list = lines.reduce((sum, line) => sum + line.cost, 0n)
  return {
    id: readCount(row, "id"),
    provider: readText(row, "provider"),
    model: readText(row, "model"),
    valid_from: readText(row, "valid_from"),
    prompt_above: readCount(row, "prompt_above"),
    source: readText(row, "source"),
    source_date: readText(row, "source_date"),
    service_tier: readText(row, "service_tier"),
    discount:
      discount === null ? null : { percent: discount, amount: formatMoney(list - lessDiscount(list, discount)) },
    lines: lines.map((line) => ({
      bucket: line.bucket,
      tokens: line.tokens,
      rate: formatMoney(line.rate),
      cost: formatMoney(line.cost),
      is_fallback: line.isFallback,
    })),
  }
}

function readRates(row: Row): Rates {
  const rate = (bucket: string) => {
    const text = readMoneyOrNull(row, bucket)
    return text === null ? null : parseMoney(text)
  }
  return Object.fromEntries(RATE_NAMES.map((name) => [name, rate(name)])) as Rates
}

function reasonWhyNot(span: SpanRow, { extras }: Billing): string {
  if (span.reported_cost !== null && span.cost === null)
    return "The reported cost is above the limit for one event; it is kept here and counts nowhere."
  const own = span.reported_cost === null ? "" : "The source reported the cost itself. "
  if (span.tokens === null) return `${own}The source gave no token counts.`
  if (span.provider === null || span.model === null)
    return `${own}The source named no ${span.provider === null ? "provider" : "model"}.`
  if (extras.images || extras.searches)
    return `${own}The price book had no price for ${span.provider} ${span.model} with ${extras.images ? "images" : "searches"} when it was received.`
  return `${own}The price book had no price for ${span.provider} ${span.model} when it was received.`
}
