import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import { nextState } from "@/lib/exception-states"
import type { ExceptionAction, ExceptionKind, ExceptionState } from "@/lib/vocabulary"
import { tell, tellChange } from "@/policy/apply-alerts"
import type { RunKey } from "./load-runs"

/** An exception as it stands, its row locked. Ids are text: PostgreSQL's bigint. */
export type Standing = { project_id: number; id: string; kind: ExceptionKind; state: ExceptionState; version: number }

/**
 * What happens to a condition's place in its exception: `moved` = its fingerprint is another one now; `back` = that exception is resolved and keeps
 * it as it was, and it needs another.
 */
export type MemberChange = RunKey & {
  subject: string
  /** How the caller knows it. */
  key: string
  exceptionId: string
  becomes: "active" | "cleared" | "moved" | "back"
}

const LOCK = `select e.* from (select distinct * from unnest(($1::text)::int[], ($2::text)::bigint[]) as k(project_id, id) order by 1, 2) as k
  cross join lateral (select project_id, id::text, kind, state, version from exceptions
    where project_id = k.project_id and id = k.id for update) as e`

const KEYS =
  "unnest(($1::text)::int[], ($2::text)::bigint[], ($3::text)::text[], ($4::text)::text[]) as k(project_id, exception_id, run_id, subject)"
const OF_KEY =
  "x.project_id = k.project_id and x.exception_id = k.exception_id and x.run_id = k.run_id and x.subject = k.subject"
const CHANGE = {
  active: `update exception_runs x set cleared_at = null from ${KEYS} where ${OF_KEY}`,
  cleared: `update exception_runs x set cleared_at = now() from ${KEYS} where ${OF_KEY}`,
  moved: `delete from exception_runs x using ${KEYS} where ${OF_KEY}`,
  back: `update exception_runs x set subject = x.subject || ' until ' || x.exception_id from ${KEYS} where ${OF_KEY}`,
}
const RECOUNT = `update exceptions e set count = s.count, first_seen_at = coalesce(s.first, e.first_seen_at), last_seen_at = coalesce(s.last, e.last_seen_at)
  from (select count(*)::int as count, min(at) as first, max(at) as last, (count(*) filter (where cleared_at is null))::int as active
    from exception_runs where project_id = $1 and exception_id = $2::bigint) as s
  where e.project_id = $1 and e.id = $2::bigint returning s.count, s.active`

/**
 * Changes the places of conditions, and the exceptions that this leaves without an active one: one that nobody has acted on and that has no run left is
 * removed, as if its run had been known from the start; others are cleared. A run stays where somebody has resolved it.
 * @returns keys of the conditions that were taken out and need another place.
 */
export async function changeMembers(tx: TransactionSql, changes: readonly MemberChange[]): Promise<Set<string>> {
  const standing = await tx.unsafe<Standing[]>(
    LOCK,
    [arrayLiteral(changes.map((c) => c.projectId)), arrayLiteral(changes.map((c) => c.exceptionId))],
    { prepare: true },
  )
  const isResolved = new Map(standing.map((row) => [row.id, row.state === "resolved"]))
  const meant = changes.filter((change) => !(change.becomes === "moved" && isResolved.get(change.exceptionId)))
  for (const becomes of ["active", "cleared", "moved", "back"] as const) {
    const those = meant.filter((change) => change.becomes === becomes)
    if (those.length === 0) continue
    await tx.unsafe(
      CHANGE[becomes],
      [
        arrayLiteral(those.map((c) => c.projectId)),
        arrayLiteral(those.map((c) => c.exceptionId)),
        arrayLiteral(those.map((c) => c.runId)),
        arrayLiteral(those.map((c) => c.subject)),
      ],
      { prepare: true },
    )
  }
  for (const exception of standing) {
    const [left] = await tx.unsafe<{ count: number; active: number }[]>(RECOUNT, [exception.project_id, exception.id], {
      prepare: true,
    })
    if (!left) continue
    if (left.count === 0 && exception.version === 1) {
      await tell(tx, exception.project_id, [exception.id], "resolve")
      await tx.unsafe("delete from exceptions where project_id = $1 and id = $2::bigint", [
        exception.project_id,
        exception.id,
      ])
    } else await actByItself(tx, exception, left.active === 0 ? "clear" : "recur")
  }
  return new Set(meant.filter(({ becomes }) => becomes === "moved" || becomes === "back").map(({ key }) => key))
}

/**
 * Andon's own act on an exception whose row is locked, where the table of transitions has it; channels hear of what began and what is over.
 * @param isNews false: it came back by something old, of which nobody is told.
 * @returns the exception as it stands then.
 */
export async function actByItself(
  tx: TransactionSql,
  exception: Standing,
  action: ExceptionAction,
  isNews = true,
): Promise<Standing> {
  const { project_id, id, kind, state, version } = exception
  const to = nextState(kind, state, action)
  if (to === null) return exception
  const isResolved = to === "resolved"
  const more = isResolved
    ? ", resolved_at = now(), resolved_by = 'andon', cause = 'condition_gone'"
    : to === "unack_active"
      ? ", until_at = null, waits_since = now(), escalation = 0, escalated_at = null"
      : ""
  await tx.unsafe(
    `update exceptions set state = $3, version = $4${more}
     where project_id = $1 and id = $2::bigint`,
    [project_id, id, to, version + 1],
  )
  await tx.unsafe(
    `insert into exception_log (project_id, exception_id, n, actor, action, from_state, to_state, cause) values ($1, $2::bigint, $3, 'andon', $4, $5, $6, $7)`,
    [project_id, id, version + 1, action, state, to, isResolved ? "condition_gone" : null],
  )
  if (isNews) await tellChange(tx, { projectId: project_id, id }, state, to)
  return { ...exception, state: to, version: version + 1 }
}
