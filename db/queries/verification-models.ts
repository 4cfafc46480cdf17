import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { Grain } from "@/lib/contracts/read"
import type { VerificationGroup, VerificationSeries } from "@/lib/contracts/verifications"
import { toIso } from "@/lib/time"
import { VERDICTS, type Verdict } from "@/lib/vocabulary"
import { all, textArray } from "./conditions"
import { bucketOf, iso, type ResolvedRange } from "./range"
import { readCount, readText, readTextOrNull, readWord, selectRows } from "./rows"
import { GROUPS_CAP, LINES_CAP, noCounts } from "./verification-conditions"
import { countOf, readDensity } from "./window"

/**
 * Which models stand behind a verification is known by its run's calls alone, so that they must be looked up, run by run and by key. Two bounds
 * keep that short: results, and spans of their runs. What is past them is cut at a whole quarter hour, so that the same figures come back for
 * the range that is left.
 */
const RESULTS_CAP = 5000
const SPANS_CAP = 200_000
const QUARTER = 900_000

export type ModelResult = {
  id: string
  at: string
  outcome: Verdict
  bucket: string
  /** Names of the models its run called, `null` among them for calls that name none; empty when it called none. */
  models: readonly (string | null)[]
}
export type ModelResults = { items: ModelResult[]; part: VerificationSeries["part"] }

/** The newest results of the range with the models of their runs, newest first. @param conditions on `verifications r`, without outcome and model. */
export async function readModelResults(
  tx: ProjectTx,
  range: ResolvedRange,
  grain: Grain,
  conditions: SQL[],
): Promise<ModelResults> {
  const quarter = sql`date_bin('15 minutes', v.at, '2000-01-01T00:00:00Z'::timestamptz)`
  const rows = await selectRows(
    tx,
    sql`select v.id, v.run_id, v.outcome, ${iso(sql`v.at`)} as at, ${iso(bucketOf(quarter, grain, range.tz))} as bucket,
          coalesce(x.spans, 0) as spans, ${iso(sql`x.first_span_at`)} as first, ${iso(sql`x.last_span_at`)} as last
        from (select r.id, r.run_id, r.outcome, r.at from verifications r where ${all([
          sql`r.project_id = ${tx.projectId} and r.at >= ${range.from}::timestamptz and r.at < ${range.to}::timestamptz`,
          ...conditions,
        ])} order by r.at desc nulls last, r.id desc nulls last limit ${RESULTS_CAP + 1}) v
        left join runs x on x.project_id = ${tx.projectId} and x.id = v.run_id order by v.at desc, v.id desc`,
  )
  const runs = new Map<string, Bounds>()
  const seen = new Set<string>()
  let spans = 0
  let taken = 0
  for (const row of rows) {
    const run = readText(row, "run_id")
    if (!seen.has(run)) {
      spans += readCount(row, "spans")
      seen.add(run)
    }
    if (taken === RESULTS_CAP || spans > SPANS_CAP) break
    taken++
    const [first, last] = [readTextOrNull(row, "first"), readTextOrNull(row, "last")]
    if (first !== null && last !== null) runs.set(run, { first, last })
  }
  const cut = rows[taken]
  const since = cut ? toIso(Math.floor(Date.parse(readText(cut, "at")) / QUARTER) * QUARTER + QUARTER) : null
  const models = await modelsOf(tx, runs)
  const items = rows
    .slice(0, taken)
    .filter((row) => since === null || readText(row, "at") >= since)
    .map((row) => ({
      id: readText(row, "id"),
      at: readText(row, "at"),
      outcome: readWord(row, "outcome", VERDICTS),
      bucket: readText(row, "bucket"),
      models: models.get(readText(row, "run_id")) ?? [],
    }))
  if (since === null) return { items, part: null }
  const of = countOf(await readDensity(tx, "verification_rollup", "verifications", range.days, conditions, "newest"))
  return { items, part: { since, read: items.length, of } }
}

type Bounds = { first: string; last: string }
/** A statement has at most about this many branches, each with the runs of some days. */
const BRANCHES = 24

/**
 * Models by run. Runs that began together are looked up together, each branch with constant bounds: it is planned for its own days alone, and
 * the planner knows whether the runs' keys or the calls of that time are fewer.
 */
async function modelsOf(tx: ProjectTx, runs: ReadonlyMap<string, Bounds>): Promise<Map<string, (string | null)[]>> {
  const models = new Map<string, (string | null)[]>()
  if (runs.size === 0) return models
  const branches = together(runs).map(
    (some) => sql`select distinct s.run_id as run, s.model from spans s
      where s.project_id = ${tx.projectId} and s.run_id = any(${textArray(some.ids)}) and s.is_call
        and s.started_at >= ${some.first}::timestamptz and s.started_at <= ${some.last}::timestamptz`,
  )
  for (const row of await selectRows(tx, sql.join(branches, sql` union all `))) {
    const run = readText(row, "run")
    models.set(run, [...(models.get(run) ?? []), readTextOrNull(row, "model")])
  }
  return models
}

/** Runs in order of their beginning, cut between days into parts of about equal size. */
function together(runs: ReadonlyMap<string, Bounds>): (Bounds & { ids: string[] })[] {
  const size = Math.ceil(runs.size / BRANCHES)
  const parts: (Bounds & { ids: string[]; day: string })[] = []
  for (const [id, { first, last }] of [...runs].sort(([, a], [, b]) => (a.first < b.first ? -1 : 1))) {
    const day = first.slice(0, 10)
    const part = parts.at(-1)
    if (!part || (part.ids.length >= size && part.day !== day)) {
      parts.push({ ids: [id], first, last, day })
      continue
    }
    part.ids.push(id)
    part.day = day
    if (last > part.last) part.last = last
  }
  return parts
}

/** Outcomes by model. A result counts once for each model that its run called, under "no model" when none; `total` counts it once. */
export async function seriesByModel(
  tx: ProjectTx,
  range: ResolvedRange,
  grain: Grain,
  buckets: readonly string[],
  conditions: SQL[],
): Promise<Pick<VerificationSeries, "total" | "groups" | "group_count" | "part">> {
  const { items, part } = await readModelResults(tx, range, grain, conditions)
  const position = new Map(buckets.map((bucket, i) => [bucket, i]))
  const total = noCounts()
  const groups = new Map<string | null, VerificationGroup>()
  for (const item of items) {
    total[item.outcome]++
    for (const name of namesOf(item)) {
      const group = groups.get(name) ?? { name, is_other: false, ...noCounts(), series: buckets.map(noCounts) }
      groups.set(name, group)
      group[item.outcome]++
      const point = group.series[position.get(item.bucket) ?? -1]
      if (!point) throw new Error("a result lies outside the range")
      point[item.outcome]++
    }
  }
  const sorted = [...groups.values()].sort(
    (a, b) =>
      b.failed - a.failed || b.error - a.error || b.passed - a.passed || ((a.name ?? "") < (b.name ?? "") ? -1 : 1),
  )
  const shown = sorted.slice(0, GROUPS_CAP).map((group, i) => (i < LINES_CAP ? group : { ...group, series: [] }))
  return { total, groups: shown, group_count: sorted.length, part }
}

const namesOf = (item: ModelResult): readonly (string | null)[] => (item.models.length === 0 ? [null] : item.models)

/** Whether a result is among those of these models. */
export const isOfModel = (item: ModelResult, wanted: readonly (string | null)[]): boolean =>
  namesOf(item).some((name) => wanted.includes(name))
