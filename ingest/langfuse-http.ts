import { randomUUID } from "node:crypto"
import { canonicalJson, digest16 } from "@/lib/canonical"
import { AppError } from "@/lib/errors"
import { type HttpAnswer, jsonAnswer, problem } from "@/lib/http"
import { toIso } from "@/lib/time"
import { type Incoming, type ItemOutcome, type Taken, takeItems } from "./accept"
import { isDeeperThan } from "./decode"
import { directivesHeader } from "./directives-header"
import { decodeLangfuse } from "./formats/langfuse"
import { isObject } from "./formats/langfuse-usage"
import { type Authenticate, mediaType, type RawRequest, type Received, type ReceiveOptions, receive } from "./receive"

export type LangfuseOptions = ReceiveOptions & { take?: (input: Incoming) => Promise<Taken> }

const DEEPEST_BODY = 1_000
const CREATED = 201
const INVALID = 400

/**
 * `POST /api/public/ingestion` as Langfuse's SDKs send it: 207, with each event id in exactly one of two lists. A client that reads an error sends the
 * whole batch again, three times, so an error stands only for what was not stored and never will be; an event seen before is a success. Never
 * rejects: every failure is JSON, because the client reads it as that.
 */
export async function handleLangfuse(
  request: RawRequest,
  authenticate: Authenticate,
  { take = takeItems, ...options }: LangfuseOptions = {},
): Promise<HttpAnswer> {
  return await receive<"json", HttpAnswer>(
    request,
    authenticate,
    {
      format: jsonOnly,
      async work(received) {
        const body = readBody(received.body)
        const batch = isObject(body) ? body.batch : undefined
        if (!Array.isArray(batch)) throw new AppError("invalid_envelope", 'The body must be {"batch": […]}.')
        const most = received.limits.eventsPerRequest
        if (batch.length > most) throw new AppError("too_many_events", `A request may carry at most ${most} events.`)
        const { stored, headers } = await store(batch, received, take)
        return jsonAnswer(207, multiStatus(stored), headers)
      },
      fail: langfuseFailure,
    },
    options,
  )
}

/** `POST /api/public/scores`: one score, outside a batch. 200 `{id}`. */
export async function handleScore(
  request: RawRequest,
  authenticate: Authenticate,
  { take = takeItems, ...options }: LangfuseOptions = {},
): Promise<HttpAnswer> {
  return await receive<"json", HttpAnswer>(
    request,
    authenticate,
    {
      format: jsonOnly,
      async work(received) {
        const body = readBody(received.body)
        if (!isObject(body)) throw new AppError("invalid_envelope", "The body must be a score.")
        const id = typeof body.id === "string" && body.id !== "" ? body.id : randomUUID()
        // A score has no event around it: what it says is its identity, so that one sent again is known again and a changed one is not.
        const event = {
          id: `score:${digest16(canonicalJson({ ...body, id }))}`,
          type: "score-create",
          timestamp: toIso(received.receivedAt),
          body: { ...body, id },
        }
        const { stored, headers } = await store([event], received, take, true)
        if (stored[0]?.fault) throw new AppError("invalid_input", stored[0].fault)
        return jsonAnswer(200, { id }, headers)
      },
      fail: langfuseFailure,
    },
    options,
  )
}

/** Problem details with the `message` that Langfuse's clients show. */
export function langfuseFailure(error: unknown, requestId: string): HttpAnswer {
  const answer = problem(error, requestId)
  const body = JSON.parse(answer.body ?? "{}") as { detail?: string }
  const lead = answer.status === 401 ? "Invalid credentials. " : answer.status === 400 ? "Invalid request data. " : ""
  const message = `${lead}${body.detail}`
  return {
    ...answer,
    headers: { ...answer.headers, "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ message, ...body }),
  }
}

type Stored = { id: string; fault: string | null }
/** What became of each item, and what its sender is told of runs that are to stop. */
type Answered = { stored: Stored[]; headers: Record<string, string> }

async function store(
  batch: readonly unknown[],
  { key, receivedAt, requestId }: Received<"json">,
  take: (input: Incoming) => Promise<Taken>,
  isIdWhole = false,
): Promise<Answered> {
  const decoded = batch.map((raw) => decodeLangfuse(raw, key.project.currency))
  const kept = decoded.filter(({ item }) => item !== null)
  const events = kept.map(({ item }) => item)
  const skipped = decoded.length - kept.length
  const { outcomes, told } = await take({ key, events, receivedAt, requestId, door: "langfuse", skipped, isIdWhole })
  const fault = new Map(kept.map((one, i) => [one, faultOf(outcomes[i] as ItemOutcome)]))
  const stored = decoded.map((one) => ({ id: one.id, fault: fault.get(one) ?? null }))
  return { stored, headers: directivesHeader(told ?? []) }
}

/** Sent again, with the same body or another, the first one stays: that is how the format has it. */
function faultOf(outcome: ItemOutcome): string | null {
  return typeof outcome === "string" ? null : outcome.message
}

function multiStatus(stored: readonly Stored[]): { successes: object[]; errors: object[] } {
  const faults = new Map<string, string | null>()
  // An id that came twice and once in vain is in the list of errors alone.
  for (const { id, fault } of stored) faults.set(id, fault ?? faults.get(id) ?? null)
  const successes: object[] = []
  const errors: object[] = []
  for (const [id, fault] of faults) {
    if (fault === null) successes.push({ id, status: CREATED })
    else errors.push({ id, status: INVALID, message: "Invalid request data", error: fault })
  }
  return { successes, errors }
}

function jsonOnly(contentType: string | undefined): "json" {
  if (mediaType(contentType) === "application/json") return "json"
  throw new AppError("unsupported_media_type", "Send application/json.", { field: "content-type" })
}

function readBody(body: Buffer): unknown {
  let value: unknown
  try {
    value = JSON.parse(body.toString("utf8"))
  } catch {
    throw new AppError("invalid_json", "The body is not JSON.")
  }
  if (body.length > DEEPEST_BODY * 2 && isDeeperThan(value, DEEPEST_BODY))
    throw new AppError("too_deep", "The body is nested too deeply.")
  return value
}
