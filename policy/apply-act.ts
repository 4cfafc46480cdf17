import { driverOf, type ProjectTx, sql } from "@/db/client"
import { mayAct } from "@/db/queries/assignees"
import { type Row, readCount, readText, readWord, selectRows } from "@/db/queries/rows"
import { isUniqueViolation } from "@/db/unique"
import type { ExceptionActInput } from "@/lib/contracts/exceptions"
import { AppError } from "@/lib/errors"
import { longestUntil, nextState } from "@/lib/exception-states"
import { DONE_WORDS } from "@/lib/exception-words"
import { DAY_MS } from "@/lib/time"
import {
  EXCEPTION_ACTIONS,
  EXCEPTION_KINDS,
  EXCEPTION_STATES,
  type ExceptionAct,
  type ExceptionKind,
  type ExceptionState,
  SEVERITIES,
  type Severity,
} from "@/lib/vocabulary"
import { whoOf } from "@/lib/who"
import { tellChange } from "@/policy/apply-alerts"
import { tellPages } from "@/policy/apply-notice"

const HOUR_MS = 3_600_000

/** What an act made of an exception, for the audit log. */
export type Applied = { from: ExceptionState; to: ExceptionState; version: number }

/**
 * A person's act: checks the version that the person has seen, changes the state by the table, and writes the log, in the caller's transaction.
 * Other open pages hear of it.
 * @param id as the address has it. @param actor how the log names who acts.
 * @throws AppError `not_found`; `conflict` when somebody acted first; `illegal_transition`; `invalid_input` for an assignee who may not act, or an end that is
 * past or too far ahead.
 */
export async function applyAct(
  tx: ProjectTx,
  id: string,
  act: ExceptionAct,
  input: ExceptionActInput,
  actor: string,
): Promise<Applied> {
  const row = await lock(tx, id)
  const [from, kind, version] = [
    readWord(row, "state", EXCEPTION_STATES),
    readWord(row, "kind", EXCEPTION_KINDS),
    readCount(row, "version"),
  ]
  if (version !== input.version) throw actedFirst(await lastAct(tx, id), version)
  const to = nextState(kind, from, act)
  if (to === null) throw illegal(kind, from, act)
  if (act === "assign" && input.assignee) await assertMayAct(tx, input.assignee)
  if (act === "snooze" || act === "suppress")
    assertUntil(act, readWord(row, "severity", SEVERITIES), Date.parse(input.until ?? ""), Date.now())
  if (act === "reopen") await assertCanReopen(tx, id, readText(row, "fingerprint"))
  // Acknowledged after its condition was gone, it needs nobody any more.
  const cause = input.cause ?? (to === "resolved" && act === "acknowledge" ? "condition_gone" : null)
  await change(tx, id, to, version + 1, changesOf(act, to, { ...input, cause }, actor)).catch(refuseTwin)
  await tx.execute(sql`
    insert into exception_log (project_id, exception_id, n, actor, action, from_state, to_state, assignee, cause, note)
    values (${tx.projectId}, ${id}::bigint, ${version + 1}, ${actor}, ${act}, ${from}, ${to}, ${input.assignee ?? null}, ${cause}, ${input.note ?? null})`)
  await tellChange(driverOf(tx), { projectId: tx.projectId, id }, from, to)
  await tellPages(tx, ["halts"])
  return { from, to, version: version + 1 }
}

async function lock(tx: ProjectTx, id: string): Promise<Row> {
  const [row] = /^[1-9]\d{0,17}$/.test(id)
    ? await selectRows(
        tx,
        sql`select state, kind, severity, version, fingerprint from exceptions where project_id = ${tx.projectId} and id = ${id}::bigint for update`,
      )
    : []
  if (!row) throw new AppError("not_found", "There is no such exception.")
  return row
}

type Changes = ReturnType<typeof sql>[]

/** What an act sets beside state and version. */
function changesOf(
  act: ExceptionAct,
  to: ExceptionState,
  { assignee, cause, note, until }: Omit<ExceptionActInput, "cause"> & { cause: string | null },
  actor: string,
): Changes {
  const seen = sql`acked_at = coalesce(acked_at, now()), acked_by = coalesce(acked_by, ${actor})`
  const closed = sql`resolved_at = now(), resolved_by = ${actor}, cause = ${cause}, note = ${note ?? null}, until_at = null`
  switch (act) {
    case "acknowledge":
      return to === "resolved" ? [seen, closed] : [seen]
    case "resolve":
      return [seen, closed]
    case "assign":
      return [sql`assignee = ${assignee ?? null}`]
    case "snooze":
    case "suppress":
      return [seen, sql`until_at = ${until ?? null}::timestamptz`]
    case "reopen":
      return [
        sql`acked_at = null, acked_by = null, resolved_at = null, resolved_by = null, cause = null, note = null`,
        sql`waits_since = now(), escalation = 0, escalated_at = null`,
      ]
    case "comment":
      return []
    default:
      return act satisfies never
  }
}

async function change(tx: ProjectTx, id: string, to: ExceptionState, version: number, more: Changes): Promise<void> {
  const set = sql.join([sql`state = ${to}`, sql`version = ${version}`, ...more], sql`, `)
  await tx.execute(sql`update exceptions set ${set} where project_id = ${tx.projectId} and id = ${id}::bigint`)
}

/** Somebody of this project who may act on exceptions. */
async function assertMayAct(tx: ProjectTx, email: string): Promise<void> {
  const rows = await selectRows(tx, sql`select 1 from users u where u.email = ${email} and ${mayAct(tx)}`)
  if (rows.length === 0)
    throw new AppError("invalid_input", `${email} is nobody who may act in this project.`, { field: "assignee" })
}

function assertUntil(act: "snooze" | "suppress", severity: Severity, until: number, now: number): void {
  const longest = longestUntil(act, severity)
  const refuse = (why: string) => new AppError("invalid_input", why, { field: "until" })
  if (!(until > now)) throw refuse("It must end in the future.")
  // A minute of grace: the page chose the end by its own clock.
  if (until > now + longest + 60_000)
    throw refuse(`It must end within ${longest < 2 * DAY_MS ? `${longest / HOUR_MS} h` : `${longest / DAY_MS} days`}.`)
}

/** Two open ones of a fingerprint would be two places for the same trouble. */
async function assertCanReopen(tx: ProjectTx, id: string, fingerprint: string): Promise<void> {
  const [open] = await selectRows(
    tx,
    sql`select id::text from exceptions where project_id = ${tx.projectId} and fingerprint = ${fingerprint} and state <> 'resolved' for update`,
  )
  if (open)
    throw new AppError(
      "conflict",
      `It came back and is open already, as number ${readText(open, "id")}: act on that one.`,
    )
  const active = await selectRows(
    tx,
    sql`select 1 from exception_runs where project_id = ${tx.projectId} and exception_id = ${id}::bigint and cleared_at is null limit 1`,
  )
  if (active.length === 0)
    throw new AppError("illegal_transition", "What raised it is gone, so there is nothing to reopen.")
}

/** One of the same fingerprint was raised between the question and the answer. */
function refuseTwin(error: unknown): never {
  if (!isUniqueViolation(error)) throw error
  throw new AppError("conflict", "It came back just now and is open again: act on that one.", { cause: error })
}

async function lastAct(tx: ProjectTx, id: string): Promise<Row | undefined> {
  const [row] = await selectRows(
    tx,
    sql`select actor, action from exception_log where project_id = ${tx.projectId} and exception_id = ${id}::bigint order by n desc limit 1`,
  )
  return row
}

function actedFirst(last: Row | undefined, version: number): AppError {
  const who = last
    ? `${whoOf(readText(last, "actor"))} ${DONE_WORDS[readWord(last, "action", EXCEPTION_ACTIONS)]}`
    : "Somebody changed it"
  return new AppError(
    "conflict",
    `${who} before you did; it is at version ${version} now. Nothing of yours was stored.`,
  )
}

function illegal(kind: ExceptionKind, from: ExceptionState, act: ExceptionAct): AppError {
  if (kind === "halt" && (act === "snooze" || act === "suppress"))
    return new AppError(
      "illegal_transition",
      `A halt cannot be ${act === "snooze" ? "snoozed" : "suppressed"}: a run stands still.`,
    )
  return new AppError("illegal_transition", `This is ${STATE[from]}: ${act} is not possible.`)
}

const STATE: Record<ExceptionState, string> = {
  unack_active: "new",
  ack_active: "acknowledged",
  unack_cleared: "gone, and not looked at",
  snoozed: "snoozed",
  suppressed_by_design: "suppressed",
  resolved: "resolved",
}
