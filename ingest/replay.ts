import type { TransactionSql } from "postgres"
import type { KeyActor, ProjectRef } from "@/access/actor"
import { pool } from "@/db/client"
import type { IngestAnswer } from "@/lib/contracts/events"
import { AppError } from "@/lib/errors"
import { acceptEvents } from "./accept"
import { decodeLangfuse } from "./formats/langfuse"
import { isObject } from "./formats/langfuse-usage"
import type { IdRule } from "./validate"

/**
 * Sends a stored bad event through ingest again, as it came: after an upgrade knows its type, or a mended limit lets it in. A letter whose event
 * is now in the ledger is marked as replayed; one that is refused again stays open.
 * @throws AppError `not_found`, `conflict` when what is kept of it is no whole JSON.
 */
export async function replayDeadLetter(project: ProjectRef, id: string, requestId: string): Promise<IngestAnswer> {
  if (!/^\d{1,18}$/.test(id)) throw new AppError("not_found", "There is no such stored event.")
  const [letter] = await scoped(
    project.id,
    (tx) =>
      tx<
        { raw: string; key_id: number }[]
      >`select raw, key_id from dead_letters where project_id = ${project.id} and id = ${id}`,
  )
  if (!letter) throw new AppError("not_found", "There is no such stored event.")
  let raw: unknown
  try {
    raw = JSON.parse(letter.raw)
  } catch (error) {
    throw new AppError("conflict", "What is kept of this event is not whole JSON, so it cannot be sent again.", {
      cause: error,
    })
  }
  const key: KeyActor = {
    kind: "key",
    keyId: letter.key_id,
    keyName: "replay",
    publicId: "",
    scopes: ["ingest"],
    environment: null,
    project,
  }
  const event = isLangfuse(raw) ? decodeLangfuse(raw, project.currency).item : raw
  const answer = await acceptEvents({ key, events: [event], receivedAt: Date.now(), requestId, ids: idsOf(event) })
  if (answer.accepted + answer.duplicates > 0) {
    await scoped(
      project.id,
      (tx) => tx`update dead_letters set replayed_at = now() where project_id = ${project.id} and id = ${id}`,
    )
  }
  return answer
}

/** Kept as it came when its decoder refused it. Native events have no body. */
function isLangfuse(raw: unknown): boolean {
  return isObject(raw) && isObject(raw.body) && typeof raw.type === "string" && /-(create|update)$/.test(raw.type)
}

/** What a decoder made says so. */
function idsOf(raw: unknown): IdRule {
  return isObject(raw) && Object.hasOwn(raw, "source") ? "foreign" : "native"
}

async function scoped<T>(projectId: number, work: (tx: TransactionSql) => Promise<T>): Promise<T> {
  return (await pool("ingest").begin(async (tx) => {
    await tx`select set_config('app.project_ids', ${`{${projectId}}`}, true)`
    return await work(tx)
  })) as T
}
