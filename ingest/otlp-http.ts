import { AppError } from "@/lib/errors"
import { type AnyAnswer, problem } from "@/lib/http"
import { type Incoming, type Taken, takeItems } from "./accept"
import { directivesHeader } from "./directives-header"
import { inCurrency } from "./formats/dollars"
import { type Encoding, partialSuccess, rpcStatus, type Signal } from "./formats/otlp/answer"
import { logsFromJson, metricsFromJson, spansFromJson } from "./formats/otlp/json"
import { logToEvents } from "./formats/otlp/logs"
import { Broken, type Decoded } from "./formats/otlp/model"
import { logsFromProtobuf, metricsFromProtobuf, spansFromProtobuf } from "./formats/otlp/protobuf"
import { spanOrBroken } from "./formats/otlp/refused"
import type { Mapped } from "./formats/otlp/spans"
import { type Authenticate, mediaType, type RawRequest, type Received, type ReceiveOptions, receive } from "./receive"
import { RefusedEvent } from "./unreadable"

export type OtlpOptions = ReceiveOptions & { take?: (input: Incoming) => Promise<Taken> }

/** Collectors send up to 8,192 spans at once by default, and lose what is answered with 413. */
const SPANS_PER_EVENT = 2

/**
 * `POST /v1/traces`, `/v1/logs`, `/v1/metrics` as OTLP/HTTP 1.11 says, protobuf or JSON. Never rejects: failures are google.rpc.Status in the
 * request's encoding, and what may be sent again is 503 or 429 alone, because a client throws everything else away.
 */
export function otlpHandler(
  signal: Signal,
): (request: RawRequest, authenticate: Authenticate, options?: OtlpOptions) => Promise<AnyAnswer> {
  return async (request, authenticate, { take = takeItems, ...options } = {}) => {
    const asked = encodingOf(request.headers["content-type"])
    return await receive<Encoding, AnyAnswer>(
      request,
      authenticate,
      {
        format() {
          if (asked) return asked
          const accepted = "Send application/x-protobuf or application/json."
          throw new AppError("unsupported_media_type", accepted, { field: "content-type" })
        },
        work: (received) => WORK[signal](received, take),
        fail: (error, requestId) => failure(error, requestId, asked ?? "json"),
      },
      options,
    )
  }
}

function encodingOf(contentType: string | undefined): Encoding | null {
  const media = mediaType(contentType)
  if (media === "application/x-protobuf" || media === "application/protobuf") return "protobuf"
  return media === "application/json" ? "json" : null
}

const NOTHING: Mapped = { drafts: [], warnings: [] }

type Take = (input: Incoming) => Promise<Taken>
/** None of these waits: what was decoded is garbage before the database is asked, not after. */
const WORK: Record<Signal, (received: Received<Encoding>, take: Take) => Promise<AnyAnswer>> = {
  traces: (received, take) =>
    store(received, take, "traces", mapAll(received, decode(received, spansFromProtobuf, spansFromJson), spanOrBroken)),
  logs: (received, take) =>
    store(received, take, "logs", mapAll(received, decode(received, logsFromProtobuf, logsFromJson), logToEvents)),
  /** Sums without the requests behind them: what they say of money the events and spans say exactly. Read, so that a wrong body is told. */
  metrics: (received, take) =>
    store(
      received,
      take,
      "metrics",
      mapAll(received, decode(received, metricsFromProtobuf, metricsFromJson), () => NOTHING),
    ),
}

function decode<Item>(
  { body, format, limits }: Received<Encoding>,
  fromProtobuf: (bytes: Uint8Array) => Decoded<Item>,
  fromJson: (text: string) => Decoded<Item>,
): Decoded<Item> {
  const decoded = format === "json" ? fromJson(body.toString("utf8")) : attempt(() => fromProtobuf(body))
  const most = limits.eventsPerRequest * SPANS_PER_EVENT
  if (decoded.items.length > most)
    throw new AppError("too_many_events", `A request may carry at most ${most} spans or records.`)
  return decoded
}

function attempt<Item>(read: () => Decoded<Item>): Decoded<Item> {
  try {
    return read()
  } catch (cause) {
    throw new AppError("invalid_envelope", "The body is no OTLP protobuf message of this signal.", { cause })
  }
}

/** `events` of item i are the events from `starts[i]` on; the first of them is the item itself. */
type Events = { events: unknown[]; starts: number[]; words: Reasons; skipped: number }

function mapAll<Item>(
  { key }: Received<Encoding>,
  { items, warnings }: Decoded<Item>,
  map: (item: Item) => Mapped | Broken,
): Events {
  const out: Events = { events: [], starts: [], words: new Reasons(), skipped: 0 }
  const { events, starts, words } = out
  for (const warning of warnings) words.add(warning)
  for (const item of items) {
    starts.push(events.length)
    const mapped = item instanceof Broken ? item : map(item)
    if (mapped instanceof Broken) {
      const { code, field, message, raw } = mapped
      events.push(new RefusedEvent({ code, field, message, id: null }, raw))
      continue
    }
    for (const warning of mapped.warnings) words.add(warning)
    if (mapped.drafts.length === 0) out.skipped++
    for (const draft of mapped.drafts) events.push(inCurrency(draft, key.project.currency))
  }
  return out
}

/** Stores and answers. */
async function store(
  { key, format, receivedAt, requestId }: Received<Encoding>,
  take: Take,
  signal: Signal,
  { events, starts, words, skipped }: Events,
): Promise<AnyAnswer> {
  const { outcomes, told } = await take({ key, events, receivedAt, requestId, door: `otlp-${signal}`, skipped })
  const counts = { rejected: 0, conflicts: 0 }
  starts.forEach((start, i) => {
    const own = outcomes.slice(start, starts[i + 1] ?? outcomes.length)
    const wrong = own.find((outcome) => outcome === "conflict" || typeof outcome !== "string")
    if (wrong === undefined) return
    words.add(typeof wrong === "string" ? "another body was stored under its id; the first stays" : wrong.message)
    // A span that was stored, but not all that it says beside itself, is not lost.
    if (own[0] === "conflict") counts.conflicts++
    else if (typeof own[0] !== "string") counts.rejected++
  })
  if (starts.length > 0 && counts.rejected === starts.length) return rpcStatus(format, 400, words.text(requestId))
  const answer = partialSuccess(format, signal, counts.rejected + counts.conflicts, words.text(requestId))
  Object.assign(answer.headers, directivesHeader(told ?? []))
  return answer
}

/** The same reason again only raises its count. */
class Reasons {
  readonly #counts = new Map<string, number>()

  add(reason: string): void {
    if (this.#counts.size < 50 || this.#counts.has(reason))
      this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1)
  }

  text(requestId: string): string {
    if (this.#counts.size === 0) return ""
    const reasons = [...this.#counts].sort(([, x], [, y]) => y - x).slice(0, 10)
    return `${reasons.map(([reason, count]) => (count > 1 ? `${count} × ${reason}` : reason)).join("; ")} (request ${requestId})`
  }
}

/** A body that came too slowly is worth sending again, and OTLP's clients do so for 503 alone. */
const RETRYABLE = 503
const TOO_SLOW = 408

function failure(error: unknown, requestId: string, encoding: Encoding): AnyAnswer {
  const { status, headers, body } = problem(error, requestId)
  const { detail } = JSON.parse(body ?? "{}") as { detail?: string }
  const answer = rpcStatus(encoding, status === TOO_SLOW ? RETRYABLE : status, detail ?? "")
  const retryAfter = headers["retry-after"] ?? (status === TOO_SLOW ? "2" : undefined)
  if (retryAfter !== undefined) answer.headers["retry-after"] = retryAfter
  return answer
}
