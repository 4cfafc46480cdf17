import { type ProjectTx, sql } from "@/db/client"
import type { VerificationList, VerificationRow } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { all, textArray } from "./conditions"
import { decodeCursor, listLimit, page } from "./cursor"
import { type ResolvedRange, resolveRange } from "./range"
import { selectRows } from "./rows"
import { notPassed, verificationConditions, withModel } from "./verification-conditions"
import { isOfModel, readModelResults } from "./verification-models"
import { toVerificationRow, VERIFICATION_COLUMNS } from "./verification-rows"
import { countOf, hull, readDensity, take } from "./window"

type Options = { withPayload?: boolean }

/**
 * Verifications of the range, newest first. Filters: `outcome`, `check`, the dimensions of a run, `model` (one that the run called).
 * @param options `withPayload` false leaves evidence out (null).
 * @returns `count` exact, from verification_rollup; with a model, of the results that were looked into (`verification-models.ts`). @throws AppError `invalid_filter`.
 */
export async function listVerifications(
  tx: ProjectTx,
  filters: Filters,
  now: number,
  options: Options = {},
): Promise<VerificationList> {
  const range = await resolveRange(tx, filters, now)
  const limit = listLimit(filters.limit)
  const cursor = decodeCursor(filters.cursor, 1)
  const models = filters.dimensions.model
  if (models !== undefined) return await listByModel(tx, filters, range, models, options)
  const conditions = await verificationConditions(tx, filters)
  const density = await readDensity(tx, "verification_rollup", "verifications", range.days, conditions, "newest")
  const count = { value: countOf(density), is_capped: false }
  const window = hull(take(density, cursor?.at ?? null, limit + 1, "newest"), range)
  if (window === null) return { items: [], next_cursor: null, count }
  const where = all([
    sql`r.project_id = ${tx.projectId} and r.at >= ${window.from}::timestamptz and r.at < ${window.to}::timestamptz`,
    ...conditions,
    ...notPassed(filters.outcome),
    ...(cursor === null ? [] : [sql`(r.at, r.id) < (${cursor.at}::timestamptz, ${cursor.ids[0]}::text)`]),
  ])
  // The page first, its runs after: otherwise every row of the range is joined.
  const rows = await selectRows(
    tx,
    sql`select ${VERIFICATION_COLUMNS}
        from (select * from verifications r where ${where} order by r.at desc nulls last, r.id desc nulls last limit ${limit + 1}) v
        left join runs r on r.project_id = ${tx.projectId} and r.id = v.run_id order by v.at desc, v.id desc`,
  )
  const items = rows.map((row) => toVerificationRow(row, options))
  return { ...page(items, limit, (item) => ({ at: item.at, ids: [item.id] })), count }
}

/** Rows of these ids, newest first. */
async function readVerifications(tx: ProjectTx, ids: readonly string[], options: Options): Promise<VerificationRow[]> {
  if (ids.length === 0) return []
  const rows = await selectRows(
    tx,
    sql`select ${VERIFICATION_COLUMNS} from verifications v left join runs r on r.project_id = ${tx.projectId} and r.id = v.run_id
        where v.project_id = ${tx.projectId} and v.id = any(${textArray(ids)}) order by v.at desc, v.id desc`,
  )
  return rows.map((row) => toVerificationRow(row, options))
}

/** One page of a list whose ids and instants are all known, newest first. */
export async function pageOfKnown(
  tx: ProjectTx,
  filters: Pick<Filters, "cursor" | "limit">,
  known: readonly { id: string; at: string }[],
  options: Options,
): Promise<VerificationList> {
  const limit = listLimit(filters.limit)
  const cursor = decodeCursor(filters.cursor, 1)
  // By the row itself: PostgreSQL's order of ids need not be JavaScript's.
  const last = cursor === null ? -1 : known.findIndex(({ at, id }) => at === cursor.at && id === cursor.ids[0])
  const left = cursor !== null && last < 0 ? [] : known.slice(last + 1, last + 2 + limit)
  const shown = page(left, limit, (item) => ({ at: item.at, ids: [item.id] }))
  const items = await readVerifications(
    tx,
    shown.items.map((item) => item.id),
    options,
  )
  return { items, next_cursor: shown.next_cursor, count: { value: known.length, is_capped: false } }
}

async function listByModel(
  tx: ProjectTx,
  filters: Filters,
  range: ResolvedRange,
  models: readonly (string | null)[],
  options: Options,
): Promise<VerificationList> {
  // The same results as the figures are made of: outcomes are told apart after the cut.
  const conditions = await verificationConditions(tx, { ...filters, outcome: [] }, withModel)
  const { items } = await readModelResults(tx, range, "15m", conditions)
  const wanted = items.filter(
    (item) => isOfModel(item, models) && (filters.outcome.length === 0 || filters.outcome.includes(item.outcome)),
  )
  return await pageOfKnown(tx, filters, wanted, options)
}
