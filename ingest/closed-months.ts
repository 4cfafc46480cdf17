import type { TransactionSql } from "postgres"
import { DAY_MS, toIso } from "@/lib/time"
import type { LedgerEvent } from "./event"
import { hasMoney, isLeafCall } from "./fold-money"
import { bookAt, foldSpan } from "./fold-span"
import { ms } from "./load-runs"
import type { StoredSpan } from "./load-spans"
import type { SpanState } from "./span-state"

export type ClosedMonth = { projectId: number; from: number; to: number }

/** The months that are closed at one moment, of some projects. Half-open, milliseconds. */
export class ClosedMonths {
  readonly #months = new Map<number, ClosedMonth[]>()

  constructor(months: readonly ClosedMonth[] = []) {
    for (const month of months) this.#months.set(month.projectId, [...this.of(month.projectId), month])
  }

  of(projectId: number): readonly ClosedMonth[] {
    return this.#months.get(projectId) ?? []
  }

  find(projectId: number, at: number): ClosedMonth | null {
    return this.of(projectId).find(({ from, to }) => from <= at && at < to) ?? null
  }

  /** The instant itself, or where it lies in a closed month, the first one of the next month that is open. */
  opening(projectId: number, at: number): number {
    let open = at
    for (let month = this.find(projectId, open); month !== null; month = this.find(projectId, open)) open = month.to
    return open
  }
}

const CLOSED = `select project_id as "projectId", ${ms("from_at")} as "from", ${ms("to_at")} as "to" from
  (select distinct on (project_id, month) * from periods order by project_id, month, id desc) p where act = 'closed'`

/** Of the projects that the transaction sees. Whoever closes a month holds their ledger lock alone: what is read under it holds until the commit. */
export async function closedMonths(tx: TransactionSql): Promise<ClosedMonths> {
  return new ClosedMonths([...(await tx.unsafe<ClosedMonth[]>(CLOSED, [], { prepare: true }))])
}

/** Only a month that has ended anywhere on earth can be closed: for all else nobody need ask. */
export function couldBeClosed(at: number, now: number): boolean {
  const ahead = new Date(now + 0.6 * DAY_MS)
  return at < Math.min(now, Date.UTC(ahead.getUTCFullYear(), ahead.getUTCMonth(), 1) + DAY_MS / 2)
}

/** A span that new events speak of, with what is known of it. */
export type Bookable = {
  before: StoredSpan | null
  earlier: readonly LedgerEvent[]
  fresh: readonly LedgerEvent[]
  state: SpanState
}

export function bookable(
  before: StoredSpan | null,
  earlier: readonly LedgerEvent[],
  fresh: readonly LedgerEvent[],
): Bookable {
  return { before, earlier, fresh, state: foldSpan([...earlier, ...fresh]) }
}

const NONE = new ClosedMonths()

/** The closed months that these spans may touch; most are of today, and cost no query. */
export async function closedFor(tx: TransactionSql, spans: readonly Bookable[]): Promise<ClosedMonths> {
  const isOld = spans.some(({ before, state, fresh }) => {
    const now = fresh.at(-1)?.receivedAt ?? 0
    return couldBeClosed(Math.min(state.startedAt, before?.startedAt ?? state.startedAt), now)
  })
  return isOld ? await closedMonths(tx) : NONE
}

/**
 * Keeps closed months as they are, and says so in the entries of the new events, so that a replay needs no calendar. Money that is new in a closed month is
 * booked at the beginning of the next open one. Of a span whose money lies in a closed month already, what new events say of money is kept out, and counted.
 * @returns true when the decision that held for the span holds on.
 */
export function bookLate(span: Bookable, closed: ClosedMonths): boolean {
  const { before, earlier, fresh } = span
  const newest = fresh.at(-1) as LedgerEvent
  const { projectId } = newest
  if (before !== null && carriesMoney(before) && closed.find(projectId, before.startedAt) !== null) {
    keepDecision(newest, earlier)
    for (const { entry } of fresh) entry.late = true
    span.state = foldSpan([...earlier, ...fresh])
    return true
  }
  const { state } = span
  if (!isLeafCall(state.kind) && !hasMoney(state)) return false
  const began = state.beganAt ?? state.startedAt
  // Booked once, it stays there, even if its own month was opened again; another start takes it away where its month is open.
  const wasBooked =
    before !== null && before.beganAt !== null && (before.beganAt === began || closed.find(projectId, began) !== null)
  const at = wasBooked ? before.startedAt : closed.opening(projectId, began)
  if (at === began) return false
  newest.entry.booked = toIso(at)
  bookAt(state, newest.entry.booked)
  return false
}

const carriesMoney = ({ usage, cost, reportedCost }: StoredSpan): boolean =>
  usage !== null || cost !== null || reportedCost !== null

function keepDecision(newest: LedgerEvent, earlier: readonly LedgerEvent[]): void {
  const last = earlier.reduce<LedgerEvent | null>((a, b) => (a === null || b.n > a.n ? b : a), null)
  if (last === null) return
  const { other: _, sanitized: __, late: ___, ...decided } = last.entry
  Object.assign(newest.entry, decided)
}
