import type { TransactionSql } from "postgres"
import { events } from "@/db/schema/ledger"
import type { CanonicalEvent, LedgerEvent } from "./event"
import { columns, insertText, Rows } from "./sql-arrays"

type Stored = { event: CanonicalEvent; ledger: LedgerEvent }

const EVENT = columns<Stored>({
  project_id: ({ event }) => event.projectId,
  received_at: ({ event }) => new Date(event.receivedAt).toISOString(),
  id: ({ event }) => event.id,
  type: ({ event }) => event.type,
  run_id: ({ event }) => event.runId,
  span_id: ({ event }) => event.spanId,
  key_id: ({ event }) => event.keyId,
  body: ({ event }) => event.body,
  entry: ({ ledger }) => JSON.stringify(ledger.entry),
})
const INSERT = insertText(events, EVENT.names)

/** Appends new events with what was decided about them, in ledger order: the sequence numbers them as they come. */
export async function insertEvents(tx: TransactionSql, fresh: readonly Stored[]): Promise<void> {
  if (fresh.length === 0) return
  const rows = new Rows(EVENT)
  for (const stored of fresh) rows.add(stored)
  await tx.unsafe(INSERT, rows.parameters(), { prepare: true })
}
