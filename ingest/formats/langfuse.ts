import type { NativeEvent } from "@/lib/contracts/events"
import type { SpanKind } from "@/lib/vocabulary"
import { RefusedEvent } from "../unreadable"
import { attributesOf, type Envelope, FORMAT, instant, optionalInstant, origin, textOf } from "./langfuse-envelope"
import { verificationOf } from "./langfuse-score"
import { runOf } from "./langfuse-trace"
import { isObject, readCost, readUsage } from "./langfuse-usage"
import { makerOf, toName } from "./names"
import { fitPayload } from "./payload"
import { Refusal } from "./refusal"

type Json = Record<string, unknown>
/** `item` null: taken, with nothing in it to store. */
export type Decoded = { id: string; item: NativeEvent | RefusedEvent | null }

const KINDS: Record<string, SpanKind> = {
  span: "step",
  chain: "step",
  event: "step",
  generation: "llm",
  embedding: "embedding",
  agent: "agent",
  tool: "tool",
  retriever: "retrieval",
  evaluator: "verification",
  guardrail: "verification",
}
const OBSERVATION = /^(span|chain|event|generation|embedding|agent|tool|retriever|evaluator|guardrail)-(create|update)$/

/**
 * One event of a Langfuse batch as a native event. Pure, and of this event alone: what a batch held beside it must not change what a re-sent one is.
 * @param currency of the project. Langfuse counts in dollars; elsewhere its costs are kept among the attributes only.
 */
export function decodeLangfuse(raw: unknown, currency: string): Decoded {
  const id = isObject(raw) && typeof raw.id === "string" ? raw.id : "unknown"
  try {
    return { id, item: decode(raw, currency) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { code, field, message } = error
    return { id, item: new RefusedEvent({ code, field, message, id: id.slice(0, 800) }, JSON.stringify(raw) ?? "null") }
  }
}

function decode(raw: unknown, currency: string): NativeEvent | null {
  if (!isObject(raw)) throw new Refusal("invalid_event", null, "is no JSON object")
  const { id, type, timestamp, body } = raw
  if (typeof type !== "string") throw new Refusal("missing_field", "type", "is required")
  if (type === "sdk-log") return null
  if (typeof id !== "string" || id === "") throw new Refusal("invalid_id", "id", "must be text")
  if (!isObject(body)) throw new Refusal("invalid_type", "body", "must be an object")
  // Ties of time are settled by id, and then an update comes after what it updates.
  const rank = type.endsWith("-update") ? "u" : "c"
  const envelope = { id: `${FORMAT}:${rank}:${id}`, type, at: instant(timestamp, "timestamp"), body, currency }
  if (type === "trace-create") return runOf(envelope, id)
  if (type === "score-create") return verificationOf(envelope)
  return spanOf(envelope)
}

/** What the mapping of today makes of a stored observation; null when not all of what was sent is kept. */
export function rereadLangfuse(event: NativeEvent, currency: string): NativeEvent | null {
  if (event.type !== "span" || !event.attributes || Object.hasOwn(event.attributes, "truncated")) return null
  const type = event.source?.convention
  if (type === undefined || event.at === undefined) return null
  const body = { ...event.attributes, input: event.input, output: event.output }
  try {
    const again = spanOf({ id: event.id, type, at: event.at, body, currency })
    return again.type === "span" && again.run === event.run && again.span === event.span ? again : null
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

function spanOf(envelope: Envelope): NativeEvent {
  const { id, type, at, body, currency } = envelope
  const kind = kindOf(type, body)
  const span = body.id
  if (typeof span !== "string" || span === "") throw new Refusal("missing_field", "body.id", "is required")
  const start = optionalInstant(body.startTime, "body.startTime")
  const end = optionalInstant(body.endTime, "body.endTime")
  const model = toName(body.model)
  const provider = providerOf(body)
  const usage = readUsage(body)
  const cost = currency === "USD" ? readCost(body) : null
  const flags = [...(usage?.flags ?? []), ...(model && !provider && makerOf(model) ? ["provider_guessed"] : [])]
  const isPoint = type === "event-create"
  const event: NativeEvent = {
    id,
    type: "span",
    // An observation without a trace is a trace of its own.
    run: typeof body.traceId === "string" && body.traceId !== "" ? body.traceId : span,
    span,
    at,
    source: origin(type, flags),
    attributes: attributesOf(body),
  }
  if (kind !== null) event.kind = kind
  if (typeof body.parentObservationId === "string" && body.parentObservationId !== "")
    event.parent = body.parentObservationId
  const name = toName(body.name, 1024)
  if (name !== undefined) event.name = name
  if (start !== null || isPoint) event.start = start ?? at
  if (end !== null || isPoint) event.end = end ?? start ?? at
  if (model !== undefined) {
    event.model = model
    const maker = provider ?? makerOf(model)
    if (maker !== undefined) event.provider = maker
  }
  if (usage !== null) event.usage = usage.usage
  if (cost !== null) event.cost = cost
  if (typeof body.level === "string") event.status = body.level === "ERROR" ? "error" : "ok"
  const error = body.level === "ERROR" ? textOf(body.statusMessage) : undefined
  if (error !== undefined) event.error = error
  const environment = toName(body.environment)
  if (environment !== undefined) event.environment = environment
  const input = fitPayload(body.input)
  const output = fitPayload(body.output)
  if (input !== undefined) event.input = input
  if (output !== undefined) event.output = output
  return event
}

/** Null: an update of a span says nothing of its kind, because agents and tools are updated by it too. */
function kindOf(type: string, body: Json): SpanKind | null {
  if (type === "observation-create" || type === "observation-update")
    return typeof body.type === "string" ? (KINDS[body.type.toLowerCase()] ?? null) : null
  const parts = OBSERVATION.exec(type)
  if (!parts) throw new Refusal("unknown_type", "type", "is none that is taken here")
  if (parts[2] === "update" && parts[1] === "span") return null
  return KINDS[parts[1] as string] ?? null
}

/** The format has no field for it; LangChain's handler leaves it in the metadata. */
function providerOf(body: Json): string | undefined {
  return isObject(body.metadata) ? toName(body.metadata.ls_provider) : undefined
}
