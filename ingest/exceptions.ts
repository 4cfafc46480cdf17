import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import { liveNotice } from "@/db/live-notice"
import { exceptionRuns, exceptions } from "@/db/schema/exceptions"
import { toIso } from "@/lib/time"
import type { ExceptionKind, ExceptionState, Severity } from "@/lib/vocabulary"
import { NEWS_MS, severityRank, tell } from "@/policy/apply-alerts"
import { type FingerprintOf, fingerprint } from "@/policy/fingerprint"
import { actByItself, changeMembers, type MemberChange, type Standing } from "./exception-members"
import type { RunKey } from "./load-runs"
import { haltOf, hasNewState, type RunWork, statusOf } from "./run-work"
import { columns, insertText, Rows, unnest } from "./sql-arrays"

/**
 * A condition that is there now, or that is not any more. `kind`, `subject` and the run are its identity: a halt is one of its run, a finding has
 * its rule and subject here, and what concerns no run (a line, a budget) has an empty run id and names itself in the subject.
 */
export type ConditionChange = RunKey & {
  kind: ExceptionKind
  severity: Severity
  subject?: string
  isActive: boolean
  /** When it came about, ISO 8601. */
  at: string
  about: FingerprintOf
  observed?: string | null
  limit?: string | null
  unit?: string | null
  /** The span or event that shows it. */
  evidence?: string | null
}
export type RaisedBy = "ingest" | "sweep"

export const isHalt = (status: string): boolean => status === "halted" || status === "halting"

/** What a transaction does to the halt of a run; null for nearly all of them, which then cost nothing more. */
export function haltChangeOf(work: RunWork): ConditionChange | null {
  const { loaded, state, projectId, runId } = work
  const status = statusOf(work)
  const isHalted = isHalt(status)
  if (!isHalted && (!loaded || loaded.isNew || !isHalt(loaded.status))) return null
  if (!hasNewState(work) && loaded?.status === status) return null
  const end = haltOf(work)
  return {
    projectId,
    runId,
    kind: "halt",
    severity: "critical",
    isActive: isHalted,
    at: toIso(end?.at ?? (Number.isFinite(work.latest) ? work.latest : (loaded?.lastEventAt ?? 0))),
    about: {
      kind: "halt",
      workflow: state.placement.workflow,
      rule: end?.rule ?? null,
      step: end?.step ?? null,
      reason: end?.reason ?? null,
    },
    observed: end?.observed,
    limit: end?.limit,
    unit: end?.unit,
    evidence: end?.evidence,
  }
}

type Membership = {
  project_id: number
  run_id: string
  kind: string
  subject: string
  exception_id: string
  fingerprint: string
  is_cleared: boolean
  is_resolved: boolean
}
type Attachment = ConditionChange & { fingerprint: string }

const keyOf = (projectId: number, runId: string, kind: string, subject: string) =>
  JSON.stringify([projectId, runId, kind, subject])
const keyOfChange = ({ projectId, runId, kind, subject = "" }: Omit<ConditionChange, "at">) =>
  keyOf(projectId, runId, kind, subject)

const MEMBERSHIPS = `select m.*, e.fingerprint, e.is_resolved
  from unnest(($1::text)::int[], ($2::text)::text[], ($3::text)::text[], ($4::text)::text[]) as k(project_id, run_id, kind, subject)
  cross join lateral (select x.project_id, x.run_id, x.kind, x.subject, x.exception_id::text, x.cleared_at is not null as is_cleared from exception_runs x
    where x.project_id = k.project_id and x.run_id = k.run_id and x.kind = k.kind and x.subject = k.subject offset 0) as m
  cross join lateral (select fingerprint, state = 'resolved' as is_resolved from exceptions
    where project_id = m.project_id and id = m.exception_id::bigint offset 0) as e`

/** The longest reason that is kept beside an exception; the whole is with its run. */
const REASON_KEPT = 2_000
const HEAD = columns<Attachment & { lastAt: string }>({
  project_id: (row) => row.projectId,
  kind: (row) => row.kind,
  severity: (row) => row.severity,
  fingerprint: (row) => row.fingerprint,
  workflow: (row) => row.about.workflow,
  rule: (row) => row.about.rule,
  step: (row) => row.about.step,
  reason: (row) => row.about.reason?.slice(0, REASON_KEPT) ?? null,
  observed: (row) => row.observed ?? null,
  limit_value: (row) => row.limit ?? null,
  unit: (row) => row.unit ?? null,
  state: () => "unack_active" satisfies ExceptionState,
  first_seen_at: (row) => row.at,
  last_seen_at: (row) => row.lastAt,
  violated_at: (row) => row.at,
})
const IS_WORSE = `${severityRank("excluded.severity")} < ${severityRank("e.severity")}`
/**
 * Finds the open one or makes it, and locks it either way. In order of the fingerprint, so that two that raise the same ones wait in one direction. The
 * last of a fingerprint is sorted out of its own (`offset 0`): before a first ANALYZE the plan walked the project's key backwards for each. What is worse than it
 * was waits for somebody from now on. How it was is what a query inside sees: where another raised it meanwhile that may be older, and who was told as much hears nothing again.
 */
const RAISE = `insert into exceptions as e (${HEAD.names.join(", ")}, raised_by, previous_id)
  select u.*, $${HEAD.names.length + 1}, (select max(p.id) from (select id from exceptions where project_id = u.project_id and fingerprint = u.fingerprint
    and state = 'resolved' offset 0) as p)
  from ${unnest(exceptions, HEAD.names)} as u(${HEAD.names.join(", ")}) order by u.project_id, u.fingerprint
  on conflict (project_id, fingerprint) where state <> 'resolved' do update
  set first_seen_at = least(e.first_seen_at, excluded.first_seen_at), last_seen_at = greatest(e.last_seen_at, excluded.last_seen_at),
    severity = case when ${IS_WORSE} then excluded.severity else e.severity end,
    waits_since = case when ${IS_WORSE} and e.state = 'unack_active' then now() else e.waits_since end
  returning e.project_id, e.id::text, e.fingerprint, e.kind, e.state, e.version, e.xmax = 0 as is_new,
    e.severity is distinct from (select o.severity from exceptions o where o.project_id = e.project_id and o.id = e.id) as is_worse`

const RUN = columns<Attachment & { exceptionId: string }>({
  project_id: (row) => row.projectId,
  exception_id: (row) => row.exceptionId,
  run_id: (row) => row.runId,
  kind: (row) => row.kind,
  subject: (row) => row.subject ?? "",
  at: (row) => row.at,
  step: (row) => row.about.step,
  evidence: (row) => row.evidence ?? null,
})
const ATTACH = insertText(exceptionRuns, RUN.names, "on conflict do nothing returning exception_id::text as id")
const COUNT = `update exceptions e set count = e.count + k.n from unnest(($1::text)::int[], ($2::text)::bigint[], ($3::text)::int[]) as k(project_id, id, n)
  where e.project_id = k.project_id and e.id = k.id`

/**
 * Brings the exceptions in line with conditions of runs that this transaction has locked. One that is there stands in exactly one exception: a new
 * one when none of its fingerprint is open. What comes out depends on the conditions as they are, not on the order in which that became known; acts
 * of people stay, and a resolved exception keeps its runs: a halt is not raised again, any other condition that comes back is.
 */
export async function settleConditions(
  tx: TransactionSql,
  changes: readonly ConditionChange[],
  raisedBy: RaisedBy,
): Promise<void> {
  const known = await membershipsOf(tx, changes)
  const raised: Attachment[] = []
  const changed: MemberChange[] = []
  for (const change of changes) {
    const attachment = { ...change, fingerprint: fingerprint(change.about) }
    const member = known.get(keyOfChange(change))
    if (!member) {
      if (change.isActive) raised.push(attachment)
      continue
    }
    const isSame = member.fingerprint === attachment.fingerprint
    if (change.isActive ? isSame && !member.is_cleared : member.is_cleared) continue
    const isBack = change.isActive && member.is_cleared && member.is_resolved && change.kind !== "halt"
    const becomes = !change.isActive ? "cleared" : isBack ? "back" : isSame ? "active" : "moved"
    const { projectId, runId, subject = "" } = change
    changed.push({ projectId, runId, subject, key: keyOfChange(change), exceptionId: member.exception_id, becomes })
  }
  if (changed.length > 0) {
    const left = await changeMembers(tx, changed)
    for (const change of changes)
      if (left.has(keyOfChange(change))) raised.push({ ...change, fingerprint: fingerprint(change.about) })
  }
  if (raised.length > 0) await attach(tx, raised, raisedBy)
}

async function membershipsOf(
  tx: TransactionSql,
  changes: readonly ConditionChange[],
): Promise<Map<string, Membership>> {
  const rows = await tx.unsafe<Membership[]>(
    MEMBERSHIPS,
    [
      arrayLiteral(changes.map((change) => change.projectId)),
      arrayLiteral(changes.map((change) => change.runId)),
      arrayLiteral(changes.map((change) => change.kind)),
      arrayLiteral(changes.map((change) => change.subject ?? "")),
    ],
    { prepare: true },
  )
  return new Map(rows.map((row) => [keyOf(row.project_id, row.run_id, row.kind, row.subject), row]))
}

/** Neither put off, of which the end is told, nor over. */
const isOpen = (state: ExceptionState): boolean => state === "unack_active" || state === "ack_active"

async function attach(tx: TransactionSql, raised: readonly Attachment[], raisedBy: RaisedBy): Promise<void> {
  // The first of a fingerprint speaks for it: the earliest, whatever came first.
  const inOrder = [...raised].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.runId < b.runId ? -1 : 1))
  const heads = new Rows(HEAD)
  const seen = new Map<string, { first: Attachment; last: string }>()
  for (const row of inOrder) {
    const key = `${row.projectId} ${row.fingerprint}`
    const group = seen.get(key)
    if (group) group.last = row.at
    else seen.set(key, { first: row, last: row.at })
  }
  for (const { first, last } of seen.values()) heads.add({ ...first, lastAt: last })
  const found = await tx.unsafe<(Standing & { fingerprint: string; is_new: boolean; is_worse: boolean })[]>(
    RAISE,
    [...heads.parameters(), raisedBy],
    { prepare: true },
  )
  const byPrint = new Map(found.map((row) => [`${row.project_id} ${row.fingerprint}`, row]))
  const runs = new Rows(RUN)
  for (const row of inOrder) {
    const exception = byPrint.get(`${row.projectId} ${row.fingerprint}`)
    if (!exception) throw new Error("an exception was neither found nor made")
    runs.add({ ...row, exceptionId: exception.id })
  }
  const added = await tx.unsafe<{ id: string }[]>(ATTACH, runs.parameters(), { prepare: true })
  const counts = new Map<string, number>()
  for (const { id } of added) counts.set(id, (counts.get(id) ?? 0) + 1)
  const counted = found.filter((row) => counts.has(row.id))
  await tx.unsafe(
    COUNT,
    [
      arrayLiteral(counted.map((row) => row.project_id)),
      arrayLiteral(counted.map((row) => row.id)),
      arrayLiteral(counted.map((row) => counts.get(row.id) ?? 0)),
    ],
    { prepare: true },
  )
  // A silence is now, whenever it began.
  const isNews = (row: Standing & { fingerprint: string }) =>
    row.kind === "silence" ||
    Date.parse(seen.get(`${row.project_id} ${row.fingerprint}`)?.last ?? "") > Date.now() - NEWS_MS
  for (const row of counted) if (row.state === "unack_cleared") await actByItself(tx, row, "recur", isNews(row))
  const news = counted.filter(isNews)
  for (const project of new Set(news.map((row) => row.project_id))) {
    const own = news.filter((row) => row.project_id === project)
    const idsOf = (which: typeof own) => which.map((row) => row.id)
    await tell(tx, project, idsOf(own.filter((row) => row.is_new)), "trigger")
    await tell(tx, project, idsOf(own.filter((row) => !row.is_new && row.is_worse && isOpen(row.state))), "worse")
  }
}

/**
 * Tells open pages, with the commit. Exceptions are few: the lock that a notice holds until then keeps nobody waiting, and a page need not ask again
 * for every other event.
 */
export async function announceHalts(tx: TransactionSql, projects: ReadonlySet<number>): Promise<void> {
  const messages = [...projects].map((project) => liveNotice(project, ["halts"]))
  await tx.unsafe("select pg_notify('andon_live', m) from unnest($1::text[]) as m", [messages], { prepare: true })
}
