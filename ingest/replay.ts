import type { TransactionSql } from "postgres"
import type { KeyActor, ProjectRef } from "@/access/actor"
import { pool } from "@/db/client"
import { seeProjects } from "@/db/see"
import type { IngestAnswer } from "@/lib/contracts/events"
import { type Door, readForm } from "@/lib/doors"
import { AppError } from "@/lib/errors"
import { acceptEvents } from "./accept"
import { inCurrency } from "./formats/dollars"
import { decodeLangfuse } from "./formats/langfuse"
import { logsFromJson, spansFromJson } from "./formats/otlp/json"
import { logToEvents } from "./formats/otlp/logs"
import { Broken, type Decoded } from "./formats/otlp/model"
import { spanOrBroken } from "./formats/otlp/refused"
import type { Mapped } from "./formats/otlp/spans"
import { RefusedEvent } from "./unreadable"

/**
 * Sends a stored bad event through ingest again, by the door that it came through: after an upgrade knows its type, or a mended limit lets it in.
 * A letter whose event is now in the ledger is marked as replayed; one that is refused again stays open.
 * @throws AppError `not_found`, `conflict` when what is kept of it is no whole JSON.
 */
export async function replayDeadLetter(project: ProjectRef, id: string, requestId: string): Promise<IngestAnswer> {
  if (!/^\d{1,18}$/.test(id)) throw new AppError("not_found", "There is no such stored event.")
  const [letter] = await scoped(
    project.id,
    (tx) =>
      tx<
        { raw: string; form: string; key_id: number }[]
      >`select raw, form, key_id from dead_letters where project_id = ${project.id} and id = ${id}`,
  )
  const form = letter ? readForm(letter.form) : null
  if (!letter || !form) throw new AppError("not_found", "There is no such stored event.")
  const key: KeyActor = {
    kind: "key",
    keyId: letter.key_id,
    keyName: "replay",
    publicId: "",
    scopes: ["ingest"],
    environment: null,
    project,
  }
  const raw = parse(letter.raw)
  const events = form.isDecoded ? [raw] : DECODERS[form.door](raw, letter.raw, project.currency)
  const answer = await acceptEvents({ key, events, receivedAt: Date.now(), requestId, door: form.door })
  if (answer.rejected === 0 && answer.accepted + answer.duplicates > 0) {
    await scoped(
      project.id,
      (tx) => tx`update dead_letters set replayed_at = now() where project_id = ${project.id} and id = ${id}`,
    )
  }
  return answer
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError("conflict", "What is kept of this event is not whole JSON, so it cannot be sent again.", {
      cause,
    })
  }
}

/** An item as its door took it, decoded as that door does it. */
const DECODERS: Record<Door, (raw: unknown, text: string, currency: string) => unknown[]> = {
  native: (raw) => [raw],
  langfuse: (raw, _text, currency) => [decodeLangfuse(raw, currency).item].filter((item) => item !== null),
  "otlp-traces": (_raw, text, currency) => eventsOf(spansFromJson(text), spanOrBroken, currency),
  "otlp-logs": (_raw, text, currency) => eventsOf(logsFromJson(text), logToEvents, currency),
  // Nothing of a metric is refused: none is kept.
  "otlp-metrics": () => [],
}

function eventsOf<Item>({ items }: Decoded<Item>, map: (item: Item) => Mapped | Broken, currency: string): unknown[] {
  return items.flatMap((item): unknown[] => {
    const mapped = item instanceof Broken ? item : map(item)
    if (!(mapped instanceof Broken)) return mapped.drafts.map((draft) => inCurrency(draft, currency))
    const { code, field, message, raw } = mapped
    return [new RefusedEvent({ code, field, message, id: null }, raw)]
  })
}

async function scoped<T>(projectId: number, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
  return (await pool("ingest").begin(async (tx) => {
    await seeProjects(tx, [projectId])
    return await work(tx)
  })) as T
}
