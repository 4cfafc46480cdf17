import type { KeyActor } from "@/access/actor"
import type { IngestAnswer, Refusal } from "@/lib/contracts/events"
import { type Door, type Form, formOf } from "@/lib/doors"
import type { Told } from "@/policy/apply-directives"
import { haltOverCaps } from "./budget-cap"
import type { CanonicalEvent } from "./event"
import { commit } from "./group-commit"
import { CONFLICT_CODE, CONFLICT_MESSAGE, type Feedback } from "./save-feedback"
import { conventionOf } from "./save-sources"
import { RefusedEvent, UnreadableEvent } from "./unreadable"
import { type Rejection, type Scope, type Validated, validate } from "./validate"
import type { Outcome } from "./writer"
import "./announce"

/** More results than this are counted, not listed. */
const MAX_RESULTS = 100

/** The items of one request, decoded. What its decoder could not read stands in its place as `UnreadableEvent` or `RefusedEvent`. */
export type Incoming = {
  key: KeyActor
  events: readonly unknown[]
  receivedAt: number
  requestId: string
  /** `native` when it is not said. Formats other than ours bring their own ids. */
  door?: Door
  /** How many more items there were that say nothing that is kept. */
  skipped?: number
  /** The ids are made of all that the sender said: the same one is the same event, whatever the server added to it. */
  isIdWhole?: boolean
}

/** What became of one item; a `Rejection` says why it was refused. */
export type ItemOutcome = Outcome | Rejection
export type Taken = { outcomes: ItemOutcome[]; sanitized: number; ignored: string[]; told?: Told[] }

/**
 * Takes the decoded events of one request: each is judged alone, the good ones are committed, and only then is there an answer.
 * @throws AppError only for what concerns the whole request (busy, data store away); SQLSTATEs pass through for `lib/http.ts` to map.
 */
export async function acceptEvents(input: Incoming): Promise<IngestAnswer> {
  const { outcomes, sanitized, ignored, told } = await takeItems(input)
  const counts = { accepted: 0, duplicates: 0, conflicts: 0, rejected: 0 }
  const results: Refusal[] = []
  outcomes.forEach((outcome, index) => {
    if (outcome === "accepted") counts.accepted++
    else if (outcome === "duplicate") counts.duplicates++
    else if (outcome === "conflict") {
      counts.conflicts++
      const { id } = input.events[index] as { id: string }
      results.push({ index, id, status: "conflict", code: CONFLICT_CODE, field: "id", message: CONFLICT_MESSAGE })
    } else {
      counts.rejected++
      const { id, code, field, message } = outcome
      results.push({ index, id, status: "rejected", code, field, message })
    }
  })
  return {
    ...counts,
    sanitized,
    request_id: input.requestId,
    results: results.slice(0, MAX_RESULTS),
    results_truncated: results.length > MAX_RESULTS,
    warnings: ignored.map((field) => `“${field}” is decided by the server and was ignored`),
    directives: told ?? [],
  }
}

/**
 * The same for formats that answer in their own words: what became of each item, by its place in the request.
 * @throws as `acceptEvents`.
 */
export async function takeItems(input: Incoming): Promise<Taken> {
  const { key, events, receivedAt, requestId, door = "native", skipped = 0 } = input
  const { project } = key
  const ids = door === "native" ? ("native" as const) : ("foreign" as const)
  const scope = { projectId: project.id, keyId: key.keyId, currency: project.currency, receivedAt, ids }
  const outcomes: ItemOutcome[] = new Array(events.length)
  const good: CanonicalEvent[] = []
  const places: number[] = []
  const refused: Feedback["refused"] = []
  const ignored = new Set<string>()
  let bytes = 0
  let sanitized = 0
  let told: Told[] = []
  for (let index = 0; index < events.length; index++) {
    const raw = events[index]
    const judged = judge(raw, scope)
    if (!judged.ok) {
      outcomes[index] = judged.rejection
      refused.push({
        ...judged.rejection,
        raw: rawOf(raw),
        form: rawForm(raw, door),
        convention: conventionOf({ door }, raw, ""),
      })
      continue
    }
    if (input.isIdWhole) judged.event.bodyHash = judged.event.key
    good.push(judged.event)
    places.push(index)
    bytes += judged.event.body.length
    if (judged.event.sanitized) sanitized++
    for (const field of judged.ignored) ignored.add(field)
  }
  if (events.length + skipped > 0) {
    const feedback: Feedback = {
      projectId: project.id,
      keyId: key.keyId,
      receivedAt,
      requestId,
      prefersReportedCost: project.prefersReportedCost,
      from: 0,
      to: good.length,
      sanitized,
      door,
      ignored: skipped,
      refused,
    }
    const committed = await commit({ events: good, feedback, bytes: bytes + 200 * good.length })
    told = committed.told ?? []
    const capped = await haltOverCaps(project.id, key.keyId, good)
    told = [...told, ...capped]
    committed.outcomes.forEach((outcome, i) => {
      outcomes[places[i] as number] =
        typeof outcome === "string"
          ? outcome
          : {
              code: outcome.refused,
              field: null,
              message: "the data store cannot hold this event",
              id: (good[i] as CanonicalEvent).id,
            }
    })
  }
  return { outcomes, sanitized, ignored: [...ignored], told }
}

function judge(raw: unknown, scope: Scope): Validated {
  if (raw instanceof UnreadableEvent) return UNREADABLE
  if (raw instanceof RefusedEvent) return { ok: false, rejection: raw.rejection }
  return validate(raw, scope)
}

const UNREADABLE = {
  ok: false as const,
  rejection: { code: "invalid_json", field: null, message: "the line is not JSON", id: null },
}

function rawForm(raw: unknown, door: Door): Form {
  return raw instanceof RefusedEvent ? door : formOf(door)
}

function rawOf(raw: unknown): string {
  if (raw instanceof UnreadableEvent || raw instanceof RefusedEvent) return raw.raw
  try {
    return JSON.stringify(raw) ?? "null"
  } catch {
    return "[too deep to keep]"
  }
}
