import type { TransactionSql } from "postgres"
import { verifications } from "@/db/schema/projections"
import type { NativeEvent } from "@/lib/contracts/events"
import { toIso } from "@/lib/time"
import type { LedgerEvent } from "./event"
import { credible } from "./fold-span"
import type { StoredVerification } from "./load-runs"
import { columns, insertText, Rows } from "./sql-arrays"

export type VerificationEvent = Extract<NativeEvent, { type: "verification" }>
export type NewVerification = { item: LedgerEvent; event: VerificationEvent; dimensionSetId: number }
type Move = { row: StoredVerification; dimensionSetId: number }

const EVIDENCE_SHOWN = 2_000

const NEW = columns<NewVerification>({
  project_id: ({ item }) => item.projectId,
  id: ({ item }) => item.id,
  run_id: ({ item }) => item.runId,
  at: ({ item }) => toIso(credible(item.at, item.receivedAt)),
  seq: ({ item }) => item.seq,
  step: ({ event }) => event.step ?? null,
  check_name: ({ event }) => event.check,
  outcome: ({ event }) => event.outcome,
  score: ({ event }) => event.score ?? null,
  threshold: ({ event }) => event.threshold ?? null,
  evidence: ({ event }) => event.evidence?.slice(0, EVIDENCE_SHOWN).toWellFormed() ?? null,
  artifact: ({ event }) => event.artifact ?? null,
  verifier_name: ({ event }) => event.verifier?.name ?? null,
  verifier_hash: ({ event }) => event.verifier?.hash ?? null,
  dimension_set_id: ({ dimensionSetId }) => dimensionSetId,
  received_at: ({ item }) => toIso(item.receivedAt),
})
const INSERT = insertText(verifications, NEW.names)
const MOVE = "update verifications set dimension_set_id = $3 where project_id = $1 and id = $2"

/** Gathers the verification rows of one transaction: new ones, and those whose run became known under another workflow or team. */
export class VerificationRows {
  readonly #added = new Rows(NEW)
  readonly #moved: Move[] = []

  add(row: NewVerification): void {
    this.#added.add(row)
  }

  move(row: Move): void {
    this.#moved.push(row)
  }

  flush(tx: TransactionSql): Promise<unknown>[] {
    const work: Promise<unknown>[] = []
    if (this.#added.length > 0) work.push(tx.unsafe(INSERT, this.#added.parameters(), { prepare: true }))
    for (const { row, dimensionSetId } of this.#moved)
      work.push(tx.unsafe(MOVE, [row.projectId, row.id, dimensionSetId], { prepare: true }))
    return work
  }
}

export function verificationOf(item: LedgerEvent): VerificationEvent {
  if (item.event.type !== "verification") throw new Error(`a ${item.type} event is no verification`)
  return item.event
}
