import type { KeyActor } from "@/access/actor"
import type { IngestAnswer, Refusal } from "@/lib/contracts/events"
import type { CanonicalEvent } from "./event"
import { commit } from "./group-commit"
import { CONFLICT_CODE, CONFLICT_MESSAGE, type Feedback } from "./save-feedback"
import { UnreadableEvent } from "./unreadable"
import { validate } from "./validate"
import "./announce"

/** More results than this are counted, not listed. */
const MAX_RESULTS = 100

/**
 * Takes the decoded events of one request: each is judged alone, the good ones are committed, and only then is there an answer.
 * @throws AppError only for what concerns the whole request (busy, data store away); SQLSTATEs pass through for `lib/http.ts` to map.
 */
export async function acceptEvents(input: {
  key: KeyActor
  events: unknown[]
  receivedAt: number
  requestId: string
}): Promise<IngestAnswer> {
  const { key, receivedAt, requestId } = input
  const { project } = key
  const scope = { projectId: project.id, keyId: key.keyId, currency: project.currency, receivedAt }
  const good: { event: CanonicalEvent; index: number }[] = []
  const results: Refusal[] = []
  const refused: Feedback["refused"] = []
  const ignored = new Set<string>()
  let bytes = 0
  let sanitized = 0
  input.events.forEach((raw, index) => {
    const judged = raw instanceof UnreadableEvent ? UNREADABLE : validate(raw, scope)
    if (judged.ok) {
      good.push({ event: judged.event, index })
      bytes += judged.event.body.length
      if (judged.event.sanitized) sanitized++
      for (const field of judged.ignored) ignored.add(field)
      return
    }
    const { rejection } = judged
    results.push({
      index,
      id: rejection.id,
      status: "rejected",
      code: rejection.code,
      field: rejection.field,
      message: rejection.message,
    })
    refused.push({ ...rejection, raw: raw instanceof UnreadableEvent ? raw.raw : safeJson(raw) })
  })
  const rejectedByUs = results.length
  const feedback: Feedback = {
    projectId: project.id,
    keyId: key.keyId,
    receivedAt,
    requestId,
    prefersReportedCost: project.prefersReportedCost,
    from: 0,
    to: good.length,
    sanitized,
    refused,
  }
  const counts = { accepted: 0, duplicates: 0, conflicts: 0, rejected: rejectedByUs }
  if (input.events.length > 0) {
    const { outcomes } = await commit({
      events: good.map((item) => item.event),
      feedback,
      bytes: bytes + 200 * good.length,
    })
    outcomes.forEach((outcome, i) => {
      const { event, index } = good[i] as { event: CanonicalEvent; index: number }
      if (outcome === "accepted") counts.accepted++
      else if (outcome === "duplicate") counts.duplicates++
      else if (outcome === "conflict") {
        counts.conflicts++
        results.push({
          index,
          id: event.id,
          status: "conflict",
          code: CONFLICT_CODE,
          field: "id",
          message: CONFLICT_MESSAGE,
        })
      } else {
        counts.rejected++
        results.push({
          index,
          id: event.id,
          status: "rejected",
          code: outcome.refused,
          field: null,
          message: "the data store cannot hold this event",
        })
      }
    })
  }
  results.sort((a, b) => a.index - b.index)
  return {
    ...counts,
    sanitized,
    request_id: requestId,
    results: results.slice(0, MAX_RESULTS),
    results_truncated: results.length > MAX_RESULTS,
    warnings: [...ignored].map((field) => `“${field}” is decided by the server and was ignored`),
    directives: [],
  }
}

const UNREADABLE = {
  ok: false as const,
  rejection: { code: "invalid_json", field: null, message: "the line is not JSON", id: null },
}

function safeJson(raw: unknown): string {
  try {
    return JSON.stringify(raw) ?? "null"
  } catch {
    return "[too deep to keep]"
  }
}
