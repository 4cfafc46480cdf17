import { type ProjectTx, sql } from "@/db/client"
import type { ReleaseDrop, ReleaseHistories, ReleaseHistory, ReleaseResult } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import { ENOUGH, fallOf } from "@/lib/proportions"
import { all, rollupRows } from "./conditions"
import { iso, type ResolvedRange, resolveRange } from "./range"
import { type Row, readCount, readText, readTextOrNull, selectRows } from "./rows"
import { COUNT_COLUMNS, GROUPS_CAP, toCounts, verificationConditions } from "./verification-conditions"
import { hull } from "./window"

/** Rows (check, workflow, release) that one answer looks at, and falls for which the first run is looked up. */
const ROWS_CAP = 5000
const DROPS_CAP = 10

type Result = ReleaseResult & { level: 15 | 1440; last: string }
type History = Omit<ReleaseHistory, "releases"> & { releases: Result[]; fall: Fall | null }
type Fall = { from: Result; to: Result; difference: number; low: number; high: number }

/**
 * Per check and workflow, how each release did, in order of its first result in the range; and the worst fall from one release to the next that
 * is more than chance. A release with fewer than 20 verdicts is shown and not compared: the next is then compared with the one before it.
 * @throws AppError `invalid_filter`. Source: verification_rollup; the first run of a fall by the index of recent verifications.
 */
export async function listReleaseHistories(tx: ProjectTx, filters: Filters, now: number): Promise<ReleaseHistories> {
  const range = await resolveRange(tx, filters, now)
  const conditions = await verificationConditions(tx, { ...filters, outcome: [] })
  const rows = await selectRows(
    tx,
    sql`with lines as (
          select r.check_name, d.workflow, d.release, ${COUNT_COLUMNS}, sum(r.verifications) filter (where r.outcome = 'failed') as f,
            min(r.bucket) as first, max(r.bucket) as last, min(array[extract(epoch from r.bucket), r.grain]) as start
          from (${rollupRows(tx, "verification_rollup", range.days, conditions)}) r
          join dimension_sets d on d.project_id = ${tx.projectId} and d.id = r.dimension_set_id
          where r.verifications > 0 group by 1, 2, 3
        ), histories as (
          select *, count(*) over w as releases, coalesce(sum(f) over w, 0) as all_failed from lines
          window w as (partition by check_name, workflow)
        )
        select check_name, workflow, release, passed, failed, error, skipped, start[2]::int as grain, ${iso(sql`first`)} as first, ${iso(sql`last`)} as last
        from histories where releases > 1
        order by all_failed desc, check_name, workflow nulls last, first, last, release nulls first limit ${ROWS_CAP + 1}`,
  )
  const histories = historiesOf(rows.slice(0, ROWS_CAP))
  let compared = 0
  for (const history of histories) {
    const { worst, comparisons } = worstFall(history.releases)
    history.fall = worst
    compared += comparisons
  }
  histories.sort((a, b) => (b.fall?.difference ?? 0) - (a.fall?.difference ?? 0))
  // One way to the database and back for all of them.
  await Promise.all(
    histories.slice(0, DROPS_CAP).map(async (history) => {
      if (history.fall) history.drop = await dropOf(tx, filters, range, history, history.fall)
    }),
  )
  return {
    range: range.wire,
    items: histories.slice(0, GROUPS_CAP).map(({ check, workflow, releases, drop }) => ({
      check,
      workflow,
      releases: releases.map(({ level: _level, last: _last, ...release }) => release),
      drop,
    })),
    history_count: histories.length,
    compared,
    is_cut: rows.length > ROWS_CAP,
  }
}

function historiesOf(rows: readonly Row[]): History[] {
  const histories = new Map<string, History>()
  for (const row of rows) {
    const [check, workflow] = [readText(row, "check_name"), readTextOrNull(row, "workflow")]
    const key = JSON.stringify([check, workflow])
    const history = histories.get(key) ?? { check, workflow, releases: [], drop: null, fall: null }
    histories.set(key, history)
    history.releases.push({
      release: readTextOrNull(row, "release"),
      ...toCounts(row),
      first_at: readText(row, "first"),
      level: readCount(row, "grain") === 15 ? 15 : 1440,
      last: readText(row, "last"),
    })
  }
  return [...histories.values()]
}

function worstFall(releases: readonly Result[]): { worst: Fall | null; comparisons: number } {
  let worst: Fall | null = null
  let before: Result | null = null
  let comparisons = 0
  for (const release of releases) {
    if (release.release === null || release.passed + release.failed < ENOUGH) continue
    if (before) {
      comparisons++
      const fall = fallOf(proportion(before), proportion(release))
      if (fall && fall.difference > (worst?.difference ?? 0)) worst = { ...fall, from: before, to: release }
    }
    before = release
  }
  return { worst, comparisons }
}

const proportion = ({ passed, failed }: Result) => ({ part: passed, whole: passed + failed })

/** The fall with the first result of its release: it lies in the bucket where the roll-up saw the release first. */
async function dropOf(
  tx: ProjectTx,
  filters: Filters,
  range: ResolvedRange,
  history: History,
  fall: Fall,
): Promise<ReleaseDrop | null> {
  const { from, to } = fall
  const window = hull([{ level: to.level, bucket: to.first_at }], range)
  const one = { workflow: [history.workflow], release: [to.release] }
  const conditions = await verificationConditions(tx, {
    ...filters,
    outcome: [],
    check: [history.check],
    dimensions: { ...filters.dimensions, ...one },
  })
  const [row] = await selectRows(
    tx,
    sql`select ${iso(sql`r.at`)} as at, r.run_id from verifications r
        where ${all([sql`r.project_id = ${tx.projectId} and r.at >= ${window?.from}::timestamptz and r.at < ${window?.to}::timestamptz`, ...conditions])}
        order by r.at asc nulls first, r.id asc nulls first limit 1`,
  )
  if (!row || from.release === null || to.release === null) return null
  const points = (share: number) => Math.round(share * 10_000) / 100
  return {
    from: from.release,
    to: to.release,
    points: points(fall.difference),
    low: points(fall.low),
    high: points(fall.high),
    at: readText(row, "at"),
    run: readText(row, "run_id"),
  }
}
