import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { ExceptionList } from "@/lib/contracts/exceptions"
import { AppError } from "@/lib/errors"
import type { Filters } from "@/lib/filters"
import { EXCEPTION_KINDS, EXCEPTION_STATES, type ExceptionKind, type ExceptionState } from "@/lib/vocabulary"
import { all, matches, refuseDimensions } from "./conditions"
import { decodeCursor, listLimit, page } from "./cursor"
import { COUNTED_TO, capped, EXCEPTION_COLUMNS, EXCEPTION_JOINS, readSums, toException } from "./exception-rows"
import { lastSpans } from "./exception-spans"
import { iso } from "./range"
import { type Row, readCount, readTextOrNull, readWord, selectRows } from "./rows"

/** As the indexes have it, nulls last: otherwise PostgreSQL sorts all there are for the sake of nulls that cannot be. */
const LATEST = sql`order by e.last_seen_at desc nulls last, e.id desc nulls last`
const OPEN = EXCEPTION_STATES.filter((state) => state !== "resolved")

/**
 * The queue, what stopped latest first, by (last_seen_at, id): an act leaves a row where it is, so that the next act finds it.
 * Filters: state (none = the open ones; all of them when a fingerprint is named), kind, severity, workflow, assignee,
 * fingerprint.
 * @returns every count exact to 10,000. @throws AppError `invalid_filter`.
 */
export async function listExceptions(tx: ProjectTx, filters: Filters, now: number): Promise<ExceptionList> {
  refuseDimensions(filters, ["workflow"], "This is a list of exceptions")
  const limit = listLimit(filters.limit)
  const narrowing = conditionsOf(tx, filters)
  const wanted: readonly ExceptionState[] =
    filters.state.length > 0 ? filters.state : filters.fingerprint === null ? OPEN : EXCEPTION_STATES
  const past = pastCursor(filters.cursor)
  // Each state is a stretch of the index in this order: a page of each is read, whatever their number.
  const pages = wanted.map(
    (state) => sql`(select e.* from exceptions e where ${all([...narrowing, anyState([state]), ...past])}
      ${LATEST} limit ${limit + 1})`,
  )
  const rows = await selectRows(
    tx,
    sql`select ${EXCEPTION_COLUMNS(now)} from (
          select * from (${sql.join(pages, sql` union all `)}) e ${LATEST} limit ${limit + 1}) e ${EXCEPTION_JOINS} ${LATEST}`,
  )
  const spans = await lastSpans(tx, rows)
  const states = await countStates(tx, narrowing)
  return {
    ...page(
      rows.map((row) => toException(row, spans)),
      limit,
      ({ id, last_seen_at }) => ({ at: last_seen_at, ids: [id] }),
    ),
    count: sumOf(wanted.map((state) => states[state])),
    states,
    kinds: await countKinds(tx, conditionsOf(tx, { ...filters, kind: [] })),
    stake: await sumStake(tx, narrowing),
  }
}

function sumOf(counts: readonly { value: number; is_capped: boolean }[]): { value: number; is_capped: boolean } {
  const sum = capped(counts.reduce((total, { value }) => total + value, 0))
  return { value: sum.value, is_capped: sum.is_capped || counts.some(({ is_capped }) => is_capped) }
}

function conditionsOf(tx: ProjectTx, filters: Filters): SQL[] {
  const { workflow } = filters.dimensions
  return [
    sql`e.project_id = ${tx.projectId}`,
    ...(workflow ? [matches(sql`e.workflow`, workflow)] : []),
    ...(filters.kind.length === 0 ? [] : [matches(sql`e.kind`, filters.kind)]),
    ...(filters.severity.length === 0 ? [] : [matches(sql`e.severity`, filters.severity)]),
    ...(filters.assignee === null ? [] : [sql`e.assignee = ${filters.assignee}`]),
    ...(filters.fingerprint === null ? [] : [sql`e.fingerprint = ${filters.fingerprint}`]),
  ]
}

/** By rank, which the index of the queue begins with. */
const anyState = (states: readonly ExceptionState[]): SQL => sql`e.rank in (${sql.join(states.map(rankOf), sql`, `)})`
const RANKS: Record<ExceptionState, number> = {
  unack_active: 0,
  ack_active: 1,
  unack_cleared: 2,
  snoozed: 3,
  suppressed_by_design: 4,
  resolved: 5,
}
const rankOf = (state: ExceptionState): SQL => sql.raw(String(RANKS[state]))

function pastCursor(text: string | null): SQL[] {
  const cursor = decodeCursor(text, 1)
  if (cursor === null) return []
  const id = cursor.ids[0] ?? ""
  if (!/^\d{1,18}$/.test(id))
    throw new AppError("invalid_filter", "cursor is not one that a list gave.", { field: "cursor" })
  return [sql`(e.last_seen_at, e.id) < (${cursor.at}::timestamptz, ${id}::bigint)`]
}

async function countStates(tx: ProjectTx, narrowing: SQL[]): Promise<ExceptionList["states"]> {
  const parts = EXCEPTION_STATES.map(
    (state) => sql`select ${state}::text as state, (select count(*)::int from (
      select 1 from exceptions e where ${all([...narrowing, anyState([state])])} ${LATEST} limit ${COUNTED_TO + 1}) c) as count`,
  )
  const rows = await selectRows(tx, sql.join(parts, sql` union all `))
  const counts = new Map(rows.map((row) => [readWord(row, "state", EXCEPTION_STATES), readCount(row, "count")]))
  const of = (state: ExceptionState) => capped(counts.get(state) ?? 0)
  return {
    unack_active: of("unack_active"),
    ack_active: of("ack_active"),
    unack_cleared: of("unack_cleared"),
    snoozed: of("snoozed"),
    suppressed_by_design: of("suppressed_by_design"),
    resolved: of("resolved"),
  }
}

async function countKinds(tx: ProjectTx, narrowing: SQL[]): Promise<ExceptionList["kinds"]> {
  const parts = EXCEPTION_KINDS.map(
    (kind) => sql`select ${kind}::text as kind, (select count(*)::int from (
      select 1 from exceptions e where ${all([...narrowing, sql`e.kind = ${kind}`, anyState(OPEN)])} limit ${COUNTED_TO + 1}) c) as count`,
  )
  const rows = await selectRows(tx, sql.join(parts, sql` union all `))
  const counts = new Map(rows.map((row) => [readWord(row, "kind", EXCEPTION_KINDS), readCount(row, "count")]))
  return Object.fromEntries(EXCEPTION_KINDS.map((kind) => [kind, capped(counts.get(kind) ?? 0)])) as Record<
    ExceptionKind,
    ReturnType<typeof capped>
  >
}

/** Beyond this the oldest and the sum are not told: they would be those of a part, and the page would grow with what it does not draw. */
const STAKE_TO = 5_000

/** The runs that wait for a person, each once, however many exceptions it stands in. */
async function sumStake(tx: ProjectTx, narrowing: SQL[]): Promise<ExceptionList["stake"]> {
  const [row] = await selectRows(
    tx,
    sql`with m as materialized (
          select x.run_id, x.at from exceptions e cross join lateral (
            select x.run_id, x.at from exception_runs x where x.project_id = e.project_id and x.exception_id = e.id and x.cleared_at is null
              and x.run_id <> '' offset 0) x
          where ${all([...narrowing, anyState(OPEN)])} limit ${STAKE_TO + 1}),
        h as (select run_id, min(at) as at from m group by run_id)
        select (select count(*)::int from m) as found, count(*)::int as runs, ${iso(sql`min(h.at)`)} as oldest_at,
          trim_scale(coalesce(sum(r.cost), 0))::text as cost, coalesce(sum(r.calls), 0)::text as calls, coalesce(sum(r.unpriced_calls), 0)::text as unpriced_calls
        from h left join lateral (select cost, calls, unpriced_calls from runs r
          where (select count(*) from m) <= ${STAKE_TO} and r.project_id = ${tx.projectId} and r.id = h.run_id offset 0) r on true`,
  )
  const found = row as Row
  if (readCount(found, "found") > STAKE_TO)
    return { runs: { value: STAKE_TO, is_capped: true }, oldest_at: null, spend: null }
  const runs = { value: readCount(found, "runs"), is_capped: false }
  return { runs, oldest_at: readTextOrNull(found, "oldest_at"), spend: readSums(found) }
}
