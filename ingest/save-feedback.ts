import type { TransactionSql } from "postgres"
import { deadLetters, ingestCounters } from "@/db/schema/ledger"
import { digest16 } from "@/lib/canonical"
import { type Door, type Form, formOf } from "@/lib/doors"
import { toIso } from "@/lib/time"
import type { CanonicalEvent } from "./event"
import { addSources, conventionOf, inKeyOrder, SourceRows } from "./save-sources"
import { columns, insertText, type Rows } from "./sql-arrays"
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
  door: Door
  /** Items that said nothing that is kept. */
  ignored: number
  refused: Refused[]
}
/** `form`: what `raw` is. */
export type Refused = {
  code: string
  field: string | null
  message: string
  id: string | null
  raw: string
  form: Form
  convention: string
}

const HOUR_MS = 3_600_000
const RAW_KEPT = 64 * 1024

type Counter = { projectId: number; keyId: number; hour: number; last: number } & Record<(typeof SUMS)[number], number>
type Letter = {
  feedback: Feedback
  kind: "rejected" | "conflict"
  refused: Feedback["refused"][number]
  rawHash: string
  count: number
}

const SUMS = ["accepted", "duplicates", "conflicts", "rejected", "sanitized"] as const

const COUNTER = columns<Counter>({
  project_id: (c) => c.projectId,
  key_id: (c) => c.keyId,
  hour: (c) => toIso(c.hour),
  accepted: (c) => c.accepted,
  duplicates: (c) => c.duplicates,
  conflicts: (c) => c.conflicts,
  rejected: (c) => c.rejected,
  sanitized: (c) => c.sanitized,
  last_at: (c) => toIso(c.last),
})
const LETTER = columns<Letter>({
  project_id: ({ feedback }) => feedback.projectId,
  kind: ({ kind }) => kind,
  code: ({ refused }) => refused.code,
  field: ({ refused }) => storable(refused.field),
  message: ({ refused }) => storable(refused.message),
  event_id: ({ refused }) => storable(refused.id),
  form: ({ refused }) => refused.form,
  raw: ({ refused }) => storable(refused.raw.slice(0, RAW_KEPT)),
  raw_hash: ({ rawHash }) => rawHash,
  key_id: ({ feedback }) => feedback.keyId,
  request_id: ({ feedback }) => feedback.requestId,
  first_at: ({ feedback }) => toIso(feedback.receivedAt),
  last_at: ({ feedback }) => toIso(feedback.receivedAt),
  count: ({ count }) => count,
})
const ADD_COUNTERS = insertText(
  ingestCounters,
  COUNTER.names,
  `on conflict (project_id, key_id, hour) do update set ${SUMS.map((n) => `${n} = ingest_counters.${n} + excluded.${n}`).join(", ")},
   last_at = greatest(ingest_counters.last_at, excluded.last_at)`,
)
/** Every transaction writes both: one statement. */
const ADD_BOTH = `with of_keys as (${ADD_COUNTERS}) ${addSources(COUNTER.names.length + 1)}`
const ADD_LETTERS = insertText(
  deadLetters,
  LETTER.names,
  `on conflict (project_id, code, raw_hash) do update set count = dead_letters.count + excluded.count,
   last_at = greatest(dead_letters.last_at, excluded.last_at), first_at = least(dead_letters.first_at, excluded.first_at)`,
)

/** Counters per key and per source and hour, and dead letters, in key order; the same fault again only raises a count. */
export async function addFeedback(
  tx: TransactionSql,
  events: readonly CanonicalEvent[],
  outcomes: readonly Outcome[],
  feedback: readonly Feedback[],
): Promise<void> {
  const counters = new Map<string, Counter>()
  const letters = new Map<string, Letter>()
  const sources = new SourceRows()
  for (const f of feedback) {
    const counter = counterOf(counters, f)
    counter.last = Math.max(counter.last, f.receivedAt)
    counter.rejected += f.refused.length
    counter.sanitized += f.sanitized
    sources.addRequest(f)
    for (const refused of f.refused) addLetter(letters, f, "rejected", refused)
    let convention = ""
    for (let i = f.from; i < f.to; i++) {
      const outcome = outcomes[i] as Outcome
      const item = events[i] as CanonicalEvent
      convention = conventionOf(f, item.event, convention)
      sources.addEvent(f, convention, item, outcome)
      if (outcome === "accepted") counter.accepted++
      else if (outcome === "duplicate") counter.duplicates++
      else {
        counter.conflicts++
        const { id, body } = item
        const form = formOf(f.door)
        addLetter(letters, f, "conflict", {
          code: CONFLICT_CODE,
          field: "id",
          message: CONFLICT_MESSAGE,
          id,
          raw: body,
          form,
          convention,
        })
      }
    }
  }
  await Promise.all([
    addRows(tx, ADD_LETTERS, inKeyOrder(LETTER, letters)),
    addCounters(tx, inKeyOrder(COUNTER, counters), sources.counters()),
    sources.flushMarks(tx),
  ])
}

export const CONFLICT_CODE = "same_id_other_body"
export const CONFLICT_MESSAGE = "an event with this id and another body was accepted earlier; the first one stays"

async function addCounters(
  tx: TransactionSql,
  keys: Rows<Counter>,
  sources: { length: number; parameters(): string[] },
) {
  if (sources.length === 0) await addRows(tx, ADD_COUNTERS, keys)
  else await tx.unsafe(ADD_BOTH, [...keys.parameters(), ...sources.parameters()], { prepare: true })
}

async function addRows<Row>(tx: TransactionSql, text: string, rows: Rows<Row>): Promise<void> {
  if (rows.length > 0) await tx.unsafe(text, rows.parameters(), { prepare: true })
}

function counterOf(counters: Map<string, Counter>, f: Feedback): Counter {
  const hour = Math.floor(f.receivedAt / HOUR_MS) * HOUR_MS
  const key = `${f.projectId} ${f.keyId} ${hour}`
  const known = counters.get(key)
  if (known) return known
  const zero = { accepted: 0, duplicates: 0, conflicts: 0, rejected: 0, sanitized: 0 }
  const made = { projectId: f.projectId, keyId: f.keyId, hour, last: f.receivedAt, ...zero }
  counters.set(key, made)
  return made
}

function addLetter(letters: Map<string, Letter>, f: Feedback, kind: Letter["kind"], refused: Letter["refused"]): void {
  const rawHash = digest16(refused.raw)
  const key = `${f.projectId} ${refused.code} ${rawHash}`
  const known = letters.get(key)
  if (known) known.count++
  else letters.set(key, { feedback: f, kind, refused, rawHash, count: 1 })
}

/** Raw bytes of a bad event may hold what PostgreSQL's text cannot. */
function storable(text: string | null): string | null {
  return text === null ? null : text.toWellFormed().replaceAll("\u0000", "\ufffd")
}
