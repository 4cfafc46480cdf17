import type { TransactionSql } from "postgres"
import { deadLetters, ingestCounters } from "@/db/schema/ledger"
import { digest16 } from "@/lib/canonical"
import type { CanonicalEvent } from "./event"
import { insertText, Rows } from "./sql-arrays"
import type { Outcome } from "./writer"

/** What a request leaves behind beside its events: how it went, and what was refused. `from`, `to`: its part of the written events. */
export type Feedback = {
  projectId: number
  keyId: number
  receivedAt: number
  requestId: string
  prefersReportedCost: boolean
  from: number
  to: number
  sanitized: number
  refused: { code: string; field: string | null; message: string; id: string | null; raw: string }[]
}

const COUNTER = [
  "project_id",
  "key_id",
  "hour",
  "accepted",
  "duplicates",
  "conflicts",
  "rejected",
  "sanitized",
  "last_at",
] as const
const LETTER = [
  "project_id",
  "kind",
  "code",
  "field",
  "message",
  "event_id",
  "raw",
  "raw_hash",
  "key_id",
  "request_id",
  "first_at",
  "last_at",
  "count",
] as const
const HOUR_MS = 3_600_000
const RAW_KEPT = 64 * 1024

const SUMS = ["accepted", "duplicates", "conflicts", "rejected", "sanitized"] as const
const ADD_COUNTERS = insertText(
  ingestCounters,
  COUNTER,
  `on conflict (project_id, key_id, hour) do update set ${SUMS.map((n) => `${n} = ingest_counters.${n} + excluded.${n}`).join(", ")}, last_at = greatest(ingest_counters.last_at, excluded.last_at)`,
)
const ADD_LETTERS = insertText(
  deadLetters,
  LETTER,
  `on conflict (project_id, code, raw_hash) do update set count = dead_letters.count + excluded.count, last_at = greatest(dead_letters.last_at, excluded.last_at),
   first_at = least(dead_letters.first_at, excluded.first_at)`,
)

/** Counters per key and hour, and dead letters, in key order; the same fault again only raises a count. */
export async function addFeedback(
  tx: TransactionSql,
  events: readonly CanonicalEvent[],
  outcomes: readonly Outcome[],
  feedback: readonly Feedback[],
): Promise<void> {
  const counters = new Map<
    string,
    { project_id: number; key_id: number; hour: number; last: number } & Record<(typeof SUMS)[number], number>
  >()
  const letters = new Map<string, { row: Record<(typeof LETTER)[number], string | number | null>; count: number }>()
  const addLetter = (f: Feedback, kind: string, refused: Feedback["refused"][number]) => {
    const raw = refused.raw.length > RAW_KEPT ? refused.raw.slice(0, RAW_KEPT).toWellFormed() : refused.raw
    const rawHash = digest16(refused.raw)
    const key = `${f.projectId} ${refused.code} ${rawHash}`
    const known = letters.get(key)
    if (known) {
      known.count++
      return
    }
    const at = new Date(f.receivedAt).toISOString()
    const row = {
      project_id: f.projectId,
      kind,
      code: refused.code,
      field: clean(refused.field),
      message: clean(refused.message) ?? "",
      event_id: clean(refused.id),
      raw: clean(raw) ?? "",
      raw_hash: rawHash,
      key_id: f.keyId,
      request_id: f.requestId,
      first_at: at,
      last_at: at,
      count: 1,
    }
    letters.set(key, { row, count: 1 })
  }
  for (const f of feedback) {
    const hour = Math.floor(f.receivedAt / HOUR_MS) * HOUR_MS
    const key = `${f.projectId} ${f.keyId} ${hour}`
    let counter = counters.get(key)
    if (!counter) {
      counter = {
        project_id: f.projectId,
        key_id: f.keyId,
        hour,
        last: f.receivedAt,
        accepted: 0,
        duplicates: 0,
        conflicts: 0,
        rejected: 0,
        sanitized: 0,
      }
      counters.set(key, counter)
    }
    counter.last = Math.max(counter.last, f.receivedAt)
    counter.rejected += f.refused.length
    counter.sanitized += f.sanitized
    for (const refused of f.refused) addLetter(f, "rejected", refused)
    for (let i = f.from; i < f.to; i++) {
      const outcome = outcomes[i] as Outcome
      if (outcome === "accepted") counter.accepted++
      else if (outcome === "duplicate") counter.duplicates++
      else {
        counter.conflicts++
        const event = events[i] as CanonicalEvent
        addLetter(f, "conflict", {
          code: "same_id_other_body",
          field: "id",
          message: CONFLICT_MESSAGE,
          id: event.id,
          raw: event.body,
        })
      }
    }
  }
  const work: Promise<unknown>[] = []
  if (letters.size > 0) {
    const rows = new Rows(LETTER)
    for (const [, { row, count }] of [...letters].sort(([a], [b]) => (a < b ? -1 : 1))) rows.add({ ...row, count })
    work.push(tx.unsafe(ADD_LETTERS, rows.parameters(), { prepare: true }))
  }
  const rows = new Rows(COUNTER)
  for (const [, c] of [...counters].sort(([a], [b]) => (a < b ? -1 : 1))) {
    rows.add({ ...c, hour: new Date(c.hour).toISOString(), last_at: new Date(c.last).toISOString() })
  }
  if (rows.length > 0) work.push(tx.unsafe(ADD_COUNTERS, rows.parameters(), { prepare: true }))
  await Promise.all(work)
}

export const CONFLICT_MESSAGE = "an event with this id and another body was accepted earlier; the first one stays"

/** Raw bytes of a bad event may hold what PostgreSQL's text cannot. */
function clean(text: string | null): string | null {
  return text === null ? null : text.toWellFormed().replaceAll("\u0000", "\ufffd")
}
