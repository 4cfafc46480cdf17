import { MAPPING_VERSION } from "@/ingest/formats/conventions/all"
import { makerOf, toName } from "@/ingest/formats/names"
import { canonicalProvider } from "@/ingest/price-names"
import { contentOf } from "./content"
import { judgementsOf, verificationDraft } from "./judgements"
import type { Origin, OtlpSpan, SpanEvent } from "./model"
import { failureOf, kindOf, type Money, moneyOf, nameOf, type Reading, readingOf, shared, tagsOf, textOf } from "./read"
import { toInstant } from "./times"

/** Events in the form of the native wire, before validation. */
export type Draft = Record<string, unknown> & { id: string; type: string }
export type Mapped = { drafts: Draft[]; warnings: string[] }

const ENVIRONMENT = ["deployment.environment.name", "deployment.environment"]
const RELEASE = ["service.version"]
const SERVICE = ["service.name"]

/**
 * One span as events: itself first, what judged something, and, of a root, what it says of its run. A function of the span alone, so that what
 * comes together, apart or twice comes out the same.
 */
export function spanToEvents(span: OtlpSpan): Mapped {
  const reading = readingOf(span)
  const { view, spoken } = reading
  const hasEnded = span.end !== 0n
  const end = toInstant(span.end)
  const start = toInstant(span.start) ?? end
  const own = identityOf(reading)
  const { kind, isGuess } = kindOf(reading)
  const money = moneyOf(reading, kind)
  const failure = failureOf(reading, hasEnded)
  const content = contentOf(span.attributes, spoken)
  const placement = placementOf(reading, kind)
  const flags = money.flags
  if (isGuess) flags.push("kind_guessed")
  if (!hasEnded) flags.push("no_end")

  const draft: Draft = { id: own.id, type: "span", run: own.run, span: own.span, kind, start, ...placement }
  const set = (field: string, value: unknown) => {
    if (value !== undefined) draft[field] = value
  }
  if (span.parentId !== "") draft.parent = span.parentId
  set("name", toName(textOf(reading, "name") ?? span.name, 1024))
  set("end", end)
  setModel(reading, money, set)
  set("service_tier", nameOf(reading, "serviceTier"))
  set("usage", money.usage)
  set("cost", money.cost)
  set("status", failure.status ?? undefined)
  set("error", failure.error)
  set("input", content.input)
  set("output", content.output)
  draft.attributes = content.attributes
  const source = sourceOf(reading, own, content, flags)
  // What a name or an error of the convention's own took the place of.
  if (span.name !== draft.name) source.name = toName(span.name, 1024)
  if (span.statusMessage !== (failure.error ?? "")) source.status_message = span.statusMessage.slice(0, 1024)
  draft.source = source

  const drafts = [draft]
  // What an unfinished span says beside itself comes again with its end.
  if (hasEnded)
    for (const [i, [judged, at]] of judgementsOf(reading).entries())
      drafts.push(verificationDraft(`${own.id}:check:${i}`, own.run, judged, toInstant(at) ?? end, own.span))
  if (view.isRoot || spoken.some((convention) => convention.isAppRoot?.(view)))
    drafts.push(runDraft(reading, own, { start, end, kind, placement, failure }))
  return { drafts, warnings: money.warnings }
}

/** A provider is named of calls alone. */
function setModel(reading: Reading, money: Money, set: (field: string, value: unknown) => void): void {
  const model = nameOf(reading, "model")
  const responseModel = nameOf(reading, "responseModel")
  const named = model ?? responseModel
  set("model", named)
  set("response_model", responseModel)
  if (named === undefined && money.usage === undefined && money.cost === undefined) return
  const provider = nameOf(reading, "provider") ?? makerOf(named ?? "")
  if (provider !== undefined) set("provider", canonicalProvider(provider))
}

function placementOf(reading: Reading, kind: string): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  const workflow = workflowOf(reading, kind)
  const environment = nameOf(reading, "environment") ?? shared(reading, ENVIRONMENT)
  const release = nameOf(reading, "release") ?? shared(reading, RELEASE)
  const tags = tagsOf(reading)
  if (workflow !== undefined) out.workflow = workflow
  if (environment !== undefined) out.environment = environment
  if (release !== undefined) out.release = release
  for (const _ in tags) {
    out.tags = tags
    break
  }
  return out
}

/** An unfinished span is told of again when it has ended: its first telling has an id that sorts before, so that the ended one has the last word. */
function identityOf({ view, spoken }: Reading): { id: string; run: string; span: string } {
  const { traceId, spanId, end } = view.span
  const other = spoken[0]?.identity?.(view)
  return {
    id: `${end === 0n ? "otlp-open" : "otlp"}:${traceId}:${spanId}`,
    run: toName(other?.run, 800) ?? traceId,
    span: toName(other?.span, 800) ?? spanId,
  }
}

function workflowOf(reading: Reading, kind: string): string | undefined {
  const named = nameOf(reading, "workflow")
  if (named !== undefined) return named
  const { isRoot, span } = reading.view
  const agent = isRoot ? nameOf(reading, "agent") : undefined
  const service = shared(reading, SERVICE)
  const application = service?.startsWith("unknown_service") ? undefined : service
  return agent ?? application ?? (isRoot && kind === "agent" ? toName(span.name) : undefined)
}

type RunPart = {
  start: string | undefined
  end: string | undefined
  kind: string
  placement: object
  failure: { status: "ok" | "error" | null; error?: string }
}

/** A root that has ended claims an outcome for its run; one whose trace is only a part of the run claims none. */
function runDraft(reading: Reading, own: { id: string; run: string }, part: RunPart): Draft {
  const { spoken, view } = reading
  const claims = part.end !== undefined && !spoken.some((convention) => convention.isSession)
  const isError = part.failure.status === "error"
  return {
    id: `${own.id}:run`,
    type: "run.updated",
    run: own.run,
    at: part.end ?? part.start,
    start: part.start,
    agent: nameOf(reading, "agent") ?? (part.kind === "agent" ? toName(view.span.name) : undefined),
    ...part.placement,
    ...(claims ? { outcome: isError ? "failed" : "succeeded" } : {}),
    ...(claims && isError ? { error: part.failure.error } : {}),
    source: { format: "otlp", mapping_version: MAPPING_VERSION },
  }
}

/** What the mapping read beside the attributes, so that it can be done again. */
function sourceOf(
  reading: Reading,
  own: { run: string; span: string },
  content: ReturnType<typeof contentOf>,
  flags: string[],
): Record<string, unknown> {
  const { span } = reading.view
  const { origin } = span
  const resource = placed.get(origin) ?? keptResource(origin)
  const out: Record<string, unknown> = {
    format: "otlp",
    convention: reading.spoken[0]?.name ?? "none",
    mapping_version: MAPPING_VERSION,
    ...resource,
  }
  // Where they are not the event's own run and span.
  if (own.run !== span.traceId) out.trace = span.traceId
  if (own.span !== span.spanId) out.span = span.spanId
  if (flags.length > 0) out.flags = flags
  if (span.kind > 0) out.span_kind = span.kind
  if (span.status > 0) out.status = span.status
  if (content.inputFrom) out.input_from = content.inputFrom
  if (content.outputFrom) out.output_from = content.outputFrom
  if (content.dropped > 0) out.dropped_attributes = content.dropped
  if (span.events.length > 0) out.events = span.events.slice(0, MOST_EVENTS).map(keptEvent)
  return out
}

/** The scope, and what a mapping reads of the resource; the same for all spans of one sender. */
const placed = new WeakMap<Origin, Record<string, unknown>>()

function keptResource(origin: Origin): Record<string, unknown> {
  const read = RESOURCE.flatMap((name): [string, string][] => {
    const value = toName(origin.resource[name])
    return value === undefined ? [] : [[name, value]]
  })
  const kept = {
    ...(origin.scope === "" ? {} : { scope: toName(`${origin.scope} ${origin.scopeVersion}`) }),
    ...(read.length > 0 ? { resource: Object.fromEntries(read) } : {}),
  }
  placed.set(origin, kept)
  return kept
}

const RESOURCE = [
  ...ENVIRONMENT,
  ...RELEASE,
  "service.name",
  "service.namespace",
  "team",
  "tenant.id",
  "openinference.project.name",
]
const MOST_EVENTS = 20
const MOST_EVENT_CHARACTERS = 1_000

/** Messages as events repeat the contents of the span; what they say of errors and verdicts is short. */
function keptEvent({ at, name, attributes }: SpanEvent): Record<string, unknown> {
  const short = Object.entries(attributes)
    .filter(([, v]) => typeof v !== "object")
    .slice(0, 20)
  return {
    name,
    at: toInstant(at),
    attributes: Object.fromEntries(
      short.map(([key, v]) => [key, typeof v === "string" ? v.slice(0, MOST_EVENT_CHARACTERS).toWellFormed() : v]),
    ),
  }
}
