import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import { type Billing, readBilling } from "@/db/queries/billing"
import { formatMoney, type Money, parseMoney } from "@/lib/money"
import { DAY_MS, toIso } from "@/lib/time"
import { TOKEN_BUCKETS, type Usage } from "@/lib/vocabulary"
import { decisionOf } from "./apply"
import { closedMonths } from "./closed-months"
import type { Entry, Repriced } from "./event"
import { type Decided, decideCost, emptyUsage } from "./fold-money"
import { ms } from "./load-runs"
import type { PriceBook } from "./price"

/** Which calls: by their money date (half-open, milliseconds), provider and model as they are counted under; null = all, "" = those that name none. */
export type RepricingScope = {
  from: number
  to: number
  provider: string | null
  model: string | null
  /** Also spans without usage, which have no price but a mapping. */
  withUnused?: true
}
/** Spans that an act has had the last word on, as `spans.billing` names it. */
export type ActedBy = { act: "repricing" | "remapping"; id: number }

/** A span that could be priced again, as it is stored. */
export type StoredPrice = {
  runId: string
  spanId: string
  startedAt: number
  /** Its start, where its money is booked later; else null. */
  beganAt: number | null
  receivedAt: number
  keyId: number
  provider: string | null
  model: string | null
  usage: Usage
  billing: Billing
  isCall: boolean
  eventCount: number
  decided: Decided
}

type Row = Record<(typeof TOKEN_BUCKETS)[number], number> & {
  run_id: string
  span_id: string
  started_at: number
  began_at: number | null
  received_at: number
  key_id: number
  provider: string | null
  model: string | null
  billing: unknown
  is_call: boolean
  event_count: number
  cost: string | null
  reported_cost: string | null
  computed_cost: string | null
  price_id: number | null
  is_estimated: boolean
}

const COLUMNS = `run_id, span_id, ${ms("started_at")} as started_at, ${ms("began_at")} as began_at, ${ms("received_at")} as received_at, key_id, provider, model, billing, is_call, event_count,
  ${TOKEN_BUCKETS.map((bucket) => `coalesce(${bucket}, 0)::float8 as ${bucket}`).join(", ")}, cost::text as cost, reported_cost::text as reported_cost,
  computed_cost::text as computed_cost, price_id, is_estimated`
/** `$1` project, `$2` and `$3` bounds, `$4` and `$5` provider and model, `$6` also without usage: then nothing can be computed. */
const IN_SCOPE = `from spans where project_id = $1::int and started_at >= $2::timestamptz and started_at < $3::timestamptz and ($6::boolean or input is not null)
  and ($4::text is null or coalesce(provider, '') = $4::text) and ($5::text is null or coalesce(model, '') = $5::text)`

const bounds = (projectId: number, scope: RepricingScope) => [
  projectId,
  toIso(scope.from),
  toIso(scope.to),
  scope.provider,
  scope.model,
  scope.withUnused ?? false,
]

/**
 * The scope day by day, because spans lie so. Days that retention has dropped are left out, because nothing is kept of their decisions, and so are
 * closed months: they stay as they are.
 */
export async function daysOfScope(
  tx: TransactionSql,
  projectId: number,
  scope: RepricingScope,
): Promise<RepricingScope[]> {
  const [row] = await tx.unsafe<{ first: number | null; last: number | null }[]>(
    `select ${ms("min(started_at)")} as first, ${ms("max(started_at)")} as last ${IN_SCOPE}
     and started_at >= coalesce((select sealed_before from projects where id = $1::int), '-infinity')`,
    bounds(projectId, scope),
  )
  const days: RepricingScope[] = []
  if (!row || row.first === null || row.last === null) return days
  const closed = (await closedMonths(tx)).of(projectId)
  const end = Math.min(scope.to, row.last + 1)
  for (let from = row.first; from < end; ) {
    const month = closed.find((each) => each.from <= from && from < each.to)
    const next = Math.min(end, ...closed.map((each) => each.from).filter((at) => at > from))
    const to = month ? month.to : Math.min((Math.floor(from / DAY_MS) + 1) * DAY_MS, next)
    if (!month) days.push({ ...scope, from, to })
    from = to
  }
  return days
}

/** What of a scope lies in closed months, and is left as it is. */
export type ClosedPart = { calls: number; cost: string }

export async function closedPart(tx: TransactionSql, projectId: number, scope: RepricingScope): Promise<ClosedPart> {
  let [calls, cost] = [0, 0n]
  for (const { from, to } of (await closedMonths(tx)).of(projectId)) {
    const part = { ...scope, from: Math.max(from, scope.from), to: Math.min(to, scope.to) }
    if (part.from >= part.to) continue
    const [row] = await tx.unsafe<{ calls: number; cost: string }[]>(
      `select count(*)::int as calls, coalesce(sum(cost), 0)::text as cost ${IN_SCOPE} and is_call`,
      bounds(projectId, part),
    )
    calls += row?.calls ?? 0
    cost += parseMoney(row?.cost ?? "0")
  }
  return { calls, cost: formatMoney(cost) }
}

/** Every span of a day of the scope, some thousands at a time. */
export async function* spansOfScope(
  tx: TransactionSql,
  projectId: number,
  day: RepricingScope,
): AsyncGenerator<StoredPrice[]> {
  const cursor = tx.unsafe<Row[]>(`select ${COLUMNS} ${IN_SCOPE}`, bounds(projectId, day)).cursor(2_000)
  for await (const rows of cursor) yield rows.map(toStored)
}

/** The runs that have spans in a day of the scope, "" for loose calls. @param acted only those that this act has decided. */
export async function runsOfScope(
  tx: TransactionSql,
  projectId: number,
  day: RepricingScope,
  acted: ActedBy | null,
): Promise<string[]> {
  const rows = await tx.unsafe<{ run_id: string }[]>(
    `select distinct run_id ${IN_SCOPE} and ($7::text is null or (billing->>$7::text)::int = $8::int)`,
    [...bounds(projectId, day), acted?.act ?? null, acted?.id ?? null],
  )
  return rows.map((row) => row.run_id).sort()
}

/** Spans of these runs in a day of the scope, a page at a time. */
export async function spansOfRuns(
  tx: TransactionSql,
  projectId: number,
  day: RepricingScope,
  runs: readonly string[],
  after: Pick<StoredPrice, "runId" | "spanId"> | null,
  limit: number,
): Promise<StoredPrice[]> {
  const rows = await tx.unsafe<Row[]>(
    `select ${COLUMNS} ${IN_SCOPE} and run_id in (select unnest(($7::text)::text[])) and ($8::text is null or (run_id, span_id) > ($8::text, $9::text))
     order by run_id, span_id limit $10::int`,
    [...bounds(projectId, day), arrayLiteral(runs), after?.runId ?? null, after?.spanId ?? null, limit],
  )
  return rows.map(toStored)
}

/** The decision that holds for a span, and how many events it has: fewer than it had means that retention took some. */
export type Newest = { entry: Entry; repriced: Repriced | null; events: number }

const NEWEST = `select k.run_id, k.span_id, e.* from unnest(($2::text)::text[], ($3::text)::text[]) as k(run_id, span_id)
  cross join lateral (select count(*)::int as events, (array_agg(entry order by n desc))[1] as entry,
    (array_agg(case when type = 'repriced' then body end order by n desc))[1] as repriced from events
    where project_id = $1::int and run_id = k.run_id and span_id = k.span_id and received_at >= $4::timestamptz offset 0) as e where e.events > 0`

/** @param since the earliest that an event of theirs can have come in: it prunes partitions. */
export async function newestOf(
  tx: TransactionSql,
  projectId: number,
  spans: readonly StoredPrice[],
  since: number,
): Promise<Map<StoredPrice, Newest>> {
  if (spans.length === 0) return new Map()
  const columns = [arrayLiteral(spans.map((span) => span.runId)), arrayLiteral(spans.map((span) => span.spanId))]
  const rows = await tx.unsafe<(Newest & { run_id: string; span_id: string })[]>(NEWEST, [
    projectId,
    ...columns,
    toIso(since),
  ])
  const found = new Map(rows.map((row) => [`${row.run_id}\u0000${row.span_id}`, row]))
  return new Map(
    spans.flatMap((span): [StoredPrice, Newest][] => {
      const newest = found.get(`${span.runId}\u0000${span.spanId}`)
      return newest ? [[span, newest]] : []
    }),
  )
}

function toStored(row: Row): StoredPrice {
  const usage = emptyUsage()
  for (const bucket of TOKEN_BUCKETS) usage[bucket] = row[bucket]
  const billing = readBilling(row)
  const money = (text: string | null): Money | null => (text === null ? null : parseMoney(text))
  return {
    runId: row.run_id,
    spanId: row.span_id,
    startedAt: row.started_at,
    beganAt: row.began_at,
    receivedAt: row.received_at,
    keyId: row.key_id,
    provider: row.provider,
    model: row.model,
    usage,
    billing,
    isCall: row.is_call,
    eventCount: row.event_count,
    decided: {
      cost: money(row.cost),
      costSource: null,
      reportedCost: money(row.reported_cost),
      computedCost: money(row.computed_cost),
      priceId: row.price_id,
      isEstimated: row.is_estimated,
      discount: billing.discount,
    },
  }
}

export type Redecision = { entry: Entry; cost: Money | null; isChanged: boolean }

/** What would be decided about the span now. A row that says the same under another number changes nothing. */
export function decideAgain(
  projectId: number,
  span: StoredPrice,
  book: PriceBook,
  prefersReported: boolean,
): Redecision {
  const { decided, billing } = span
  const entry = decisionOf(
    { ...span, projectId, ...billing, reportedCost: decided.reportedCost },
    book,
    prefersReported,
  )
  const next: Decided = { ...decided }
  decideCost(next, entry)
  const isChanged =
    next.cost !== decided.cost ||
    next.computedCost !== decided.computedCost ||
    next.isEstimated !== decided.isEstimated ||
    next.discount !== decided.discount
  return { entry, cost: next.cost, isChanged }
}

/** Sums of an act, exact; money as decimal strings. Only calls carry money: a roll-up's own cost is shown, and counts nowhere. */
export type RepricingTally = {
  /** Calls looked at, and those of them whose price changes. */
  calls: number
  changed: number
  newly_priced: number
  no_longer_priced: number
  still_unpriced: number
  /** Spans that are left because retention keeps only a part of their events, or because something else priced them since. */
  left: number
  before: string
  after: string
}

export class Tally {
  readonly #money = { before: 0n, after: 0n }
  readonly #counts = { calls: 0, changed: 0, newly_priced: 0, no_longer_priced: 0, still_unpriced: 0, left: 0 }

  add(span: Pick<StoredPrice, "isCall">, before: Money | null, after: Money | null, isChanged: boolean): void {
    if (!span.isCall) return
    const counts = this.#counts
    counts.calls++
    if (isChanged) counts.changed++
    if (before === null && after !== null) counts.newly_priced++
    if (before !== null && after === null) counts.no_longer_priced++
    if (after === null) counts.still_unpriced++
    this.#money.before += before ?? 0n
    this.#money.after += after ?? 0n
  }

  leave(): void {
    this.#counts.left++
  }

  get changed(): number {
    return this.#counts.changed
  }

  get difference(): Money {
    return this.#money.after - this.#money.before
  }

  done(): RepricingTally {
    return { ...this.#counts, before: formatMoney(this.#money.before), after: formatMoney(this.#money.after) }
  }
}
