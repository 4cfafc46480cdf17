import type { TransactionSql } from "postgres"
import { events } from "@/db/schema/ledger"
import { toIso } from "@/lib/time"
import type { CanonicalEvent, LedgerEvent } from "./event"
import { columns, Rows, unnest } from "./sql-arrays"

type Stored = {
  event: Pick<CanonicalEvent, "projectId" | "receivedAt" | "id" | "runId" | "spanId" | "keyId" | "body"> & {
    type: LedgerEvent["type"]
  }
  ledger: LedgerEvent
}

const EVENT = columns<Stored>({
  project_id: ({ event }) => event.projectId,
  received_at: ({ event }) => toIso(event.receivedAt),
  id: ({ event }) => event.id,
  type: ({ event }) => event.type,
  run_id: ({ event }) => event.runId,
  span_id: ({ event }) => event.spanId,
  key_id: ({ event }) => event.keyId,
  entry: ({ ledger }) => JSON.stringify(ledger.entry),
})
/**
 * Bodies, by far the most bytes, travel joined by a character that JSON never holds raw: quoting them for an array and parsing the quotes again cost
 * more than everything else about them. Each is read as JSON in its own row: an array of what was read is another copy of all of it, which took
 * PostgreSQL 8 of the 26 µs that a body of 1.5 kB costs.
 */
const SEPARATOR = "\u001f"
const BODY = `$${EVENT.names.length + 1}`
const INSERT = `insert into events (${EVENT.names.join(", ")}, body) select ${EVENT.names.join(", ")}, body::jsonb
  from ${unnest(events, EVENT.names).replace(/\)$/, `, string_to_array(${BODY}::text, chr(31)))`)} as u(${EVENT.names.join(", ")}, body)`

/** New events follow all that the ledger holds; their numbers before they are stored only say so, the database gives the real ones in the same order. */
export const NEW_FROM = 1n << 62n

/** Appends new events with what was decided about them, in ledger order: the sequence numbers them as they come. */
export async function insertEvents(tx: TransactionSql, fresh: readonly Stored[]): Promise<void> {
  if (fresh.length === 0) return
  const rows = new Rows(EVENT)
  for (const stored of fresh) rows.add(stored)
  const bodies = fresh.map(({ event }) => event.body).join(SEPARATOR)
  await tx.unsafe(INSERT, [...rows.parameters(), bodies], { prepare: true })
}
