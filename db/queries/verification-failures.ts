import { createHash } from "node:crypto"
import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { VerificationList } from "@/lib/contracts/read"
import type { FailureGroup, FailureGroups } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import { normaliseText } from "@/lib/normalise-text"
import { VERDICTS, type Verdict } from "@/lib/vocabulary"
import { all } from "./conditions"
import { iso, type ResolvedRange, resolveRange } from "./range"
import { type Row, readCount, readText, readTextOrNull, readWord, selectRows } from "./rows"
import { GROUPS_CAP, notPassed, verificationConditions } from "./verification-conditions"
import { pageOfKnown } from "./verifications"
import { countOf, hull, readDensity, take } from "./window"

type Options = { withPayload?: boolean }
/** Results that are grouped, the newest: what a person can still act on; and how much of each one's evidence tells what it is about. */
const READ_CAP = 5000
const EVIDENCE = 500
const NAMES_SHOWN = 5

/**
 * Results that did not pass, grouped by what they tell of: the newest 5,000 of the range. Filters as for the list; of `outcome` failed and
 * broken where it names nothing.
 * @param options `withPayload` false leaves evidence out (null); the groups stay the same.
 * @throws AppError `invalid_filter`. Source: verifications, by the index of those that did not pass.
 */
export async function listFailureGroups(
  tx: ProjectTx,
  filters: Filters,
  now: number,
  options: Options = {},
): Promise<FailureGroups> {
  const range = await resolveRange(tx, filters, now)
  const { source, of } = await newest(tx, filters, range)
  const head = { range: range.wire, of }
  if (source === null) return { ...head, groups: [], group_count: 0, read: 0 }
  const rows = await selectRows(
    tx,
    sql`select f.outcome, f.check_name, f.step, f.evidence, d.workflow, d.release, count(*)::int as n,
          ${iso(sql`min(f.at)`)} as first_at, ${iso(sql`max(f.at)`)} as last_at,
          (array_agg(f.id order by f.at desc, f.id desc))[1] as id, (array_agg(f.run_id order by f.at desc, f.id desc))[1] as run
        from (${source}) f left join dimension_sets d on d.project_id = ${tx.projectId} and d.id = f.dimension_set_id
        group by 1, 2, 3, 4, 5, 6 order by last_at desc, id desc`,
  )
  const groups = gather(rows)
  const shown = [...top(groups, (outcome) => outcome === "failed"), ...top(groups, (outcome) => outcome !== "failed")]
  return {
    ...head,
    groups: options.withPayload === false ? shown.map((group) => ({ ...group, evidence: null })) : shown,
    group_count: groups.length,
    read: groups.reduce((sum, group) => sum + group.count, 0),
  }
}

/** The results of one group, newest first: as many as it counts. @throws AppError `invalid_filter`. */
export async function listFailures(
  tx: ProjectTx,
  fingerprint: string,
  filters: Filters,
  now: number,
  options: Options = {},
): Promise<VerificationList> {
  const range = await resolveRange(tx, filters, now)
  const { source } = await newest(tx, filters, range)
  if (source === null) return { items: [], next_cursor: null, count: { value: 0, is_capped: false } }
  const rows = await selectRows(
    tx,
    sql`select f.id, f.outcome, f.check_name, f.step, f.evidence, ${iso(sql`f.at`)} as at from (${source}) f order by f.at desc, f.id desc`,
  )
  const print = printer()
  const known = rows
    .filter((row) => print(row) === fingerprint)
    .map((row) => ({ id: readText(row, "id"), at: readText(row, "at") }))
  return await pageOfKnown(tx, filters, known, options)
}

const LOOKED_AT: readonly Verdict[] = ["failed", "error"]

/** The rows that are grouped, as a subselect; null when there are none. Both questions read the same. */
async function newest(
  tx: ProjectTx,
  filters: Filters,
  range: ResolvedRange,
): Promise<{ source: SQL | null; of: number }> {
  const asked = filters.outcome.filter((outcome) => outcome !== "passed")
  const outcome = asked.length === 0 ? [...LOOKED_AT] : asked
  const conditions = await verificationConditions(tx, { ...filters, outcome })
  const density = await readDensity(tx, "verification_rollup", "verifications", range.days, conditions, "newest")
  const window = hull(take(density, null, READ_CAP, "newest"), range)
  if (window === null) return { source: null, of: 0 }
  const where = all([
    sql`r.project_id = ${tx.projectId} and r.at >= ${window.from}::timestamptz and r.at < ${window.to}::timestamptz`,
    ...conditions,
    ...notPassed(outcome),
  ])
  const source = sql`
    select r.id, r.run_id, r.at, r.outcome, r.check_name, r.step, left(r.evidence, ${EVIDENCE}) as evidence, r.dimension_set_id
    from verifications r where ${where} order by r.at desc nulls last, r.id desc nulls last limit ${READ_CAP}`
  return { source, of: countOf(density) }
}

/** Fingerprints of rows; what comes often, evidence as it is or what is left of it, is read once. */
function printer(): (row: Row) => string {
  const told = new Map<string, string>()
  const prints = new Map<string, string>()
  return (row) => {
    const evidence = readTextOrNull(row, "evidence")
    const tells = evidence === null ? null : once(told, evidence, normaliseText)
    const parts = [row.outcome, readText(row, "check_name"), readTextOrNull(row, "step"), tells]
    return once(prints, JSON.stringify(parts), fingerprintOf)
  }
}

function once(known: Map<string, string>, text: string, make: (text: string) => string): string {
  const before = known.get(text)
  if (before !== undefined) return before
  const made = make(text)
  known.set(text, made)
  return made
}

const fingerprintOf = (parts: string): string => createHash("sha256").update(parts).digest("hex").slice(0, 16)

type Gathered = FailureGroup & { workflowSet: Set<string | null>; releaseSet: Set<string | null> }

/** @param rows the newest first: a group begins with its newest result. */
function gather(rows: readonly Row[]): FailureGroup[] {
  const print = printer()
  const groups = new Map<string, Gathered>()
  for (const row of rows) {
    const fingerprint = print(row)
    const group = groups.get(fingerprint) ?? begin(row, fingerprint)
    groups.set(fingerprint, group)
    const first = readText(row, "first_at")
    group.count += readCount(row, "n")
    if (first < group.first_at) group.first_at = first
    group.workflowSet.add(readTextOrNull(row, "workflow"))
    group.releaseSet.add(readTextOrNull(row, "release"))
  }
  return [...groups.values()]
    .map(({ workflowSet, releaseSet, ...group }) => ({
      ...group,
      workflows: [...workflowSet].slice(0, NAMES_SHOWN),
      workflow_count: workflowSet.size,
      releases: [...releaseSet].slice(0, NAMES_SHOWN),
      release_count: releaseSet.size,
    }))
    .sort((a, b) => b.count - a.count || (a.last_at === b.last_at ? 0 : a.last_at < b.last_at ? 1 : -1))
}

function begin(row: Row, fingerprint: string): Gathered {
  return {
    fingerprint,
    outcome: readWord(row, "outcome", VERDICTS),
    check: readText(row, "check_name"),
    step: readTextOrNull(row, "step"),
    evidence: readTextOrNull(row, "evidence"),
    count: 0,
    first_at: readText(row, "first_at"),
    last_at: readText(row, "last_at"),
    workflows: [],
    workflow_count: 0,
    releases: [],
    release_count: 0,
    newest: { id: readText(row, "id"), run: readText(row, "run") },
    workflowSet: new Set(),
    releaseSet: new Set(),
  }
}

const top = (groups: readonly FailureGroup[], wants: (outcome: Verdict) => boolean): FailureGroup[] =>
  groups.filter((group) => wants(group.outcome)).slice(0, GROUPS_CAP)
