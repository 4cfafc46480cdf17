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
  const { view, shape, spoken } = reading
  const hasEnded = span.end !== 0n
  const end = toInstant(span.end)
  const start = toInstant(span.start) ?? end
  const own = identityOf(reading)
  const { kind, isGuess } = kindOf(reading)
  const money = moneyOf(reading, kind)
  const failure = failureOf(reading, hasEnded)
  const content = contentOf(span.attributes, shape, spoken)
  const placement = placementOf(reading, kind)
  const flags = money.flags
  if (isGuess) flags.push("kind_guessed")
  if (!hasEnded) flags.push("no_end")

  const name = toName(textOf(reading, "name") ?? span.name, 1024)
  const called = calledOf(reading, money)
  // In the order of the names, as it is stored: what need not be sorted is written in half the time.
  const draft: Draft = {
    attributes: content.attributes,
    cost: money.cost,
    end,
    environment: placement.environment,
    error: failure.error,
    id: own.id,
    input: content.input,
    kind,
    model: called.model,
    name,
    output: content.output,
    parent: span.parentId === "" ? undefined : span.parentId,
    provider: called.provider,
    release: placement.release,
    response_model: called.responseModel,
    run: own.run,
    service_tier: nameOf(reading, "serviceTier"),
    source: sourceOf(reading, own, content, flags, { name, error: failure.error }),
    span: own.span,
    start,
    status: failure.status ?? undefined,
    tags: placement.tags,
    type: "span",
    usage: money.usage,
    workflow: placement.workflow,
  }

  const drafts = [draft]
  // What an unfinished span says beside itself comes again with its end.
  if (hasEnded)
    for (const [i, [judged, at]] of judgementsOf(reading).entries())
      drafts.push(verificationDraft(`${own.id}:check:${i}`, own.run, judged, toInstant(at) ?? end, own.span))
  if (view.isRoot || spoken.some((convention) => convention.isAppRoot?.(view)))
    drafts.push(runDraft(reading, own, { start, end, kind, placement, failure }))
  return { drafts, warnings: money.warnings }
}

type Called = { model: string | undefined; responseModel: string | undefined; provider: string | undefined }

/** A provider is named of calls alone. */
function calledOf(reading: Reading, money: Money): Called {
  const model = nameOf(reading, "model")
  const responseModel = nameOf(reading, "responseModel")
  const named = model ?? responseModel
  const isCall = named !== undefined || money.usage !== undefined || money.cost !== undefined
  const provider = isCall ? (nameOf(reading, "provider") ?? makerOf(named ?? "")) : undefined
  return { model: named, responseModel, provider: provider === undefined ? undefined : canonicalProvider(provider) }
}

type Placed = { workflow?: string; environment?: string; release?: string; tags?: Record<string, string> }

function placementOf(reading: Reading, kind: string): Placed {
  const tags = tagsOf(reading)
  let hasTags = false
  for (const _ in tags) {
    hasTags = true
    break
  }
  return {
    workflow: workflowOf(reading, kind),
    environment: nameOf(reading, "environment") ?? shared(reading, ENVIRONMENT),
    release: nameOf(reading, "release") ?? shared(reading, RELEASE),
    tags: hasTags ? tags : undefined,
  }
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
  told: { name: string | undefined; error: string | undefined },
): Record<string, unknown> {
  const { span } = reading.view
  const { origin } = span
  const { scope, resource } = placed.get(origin) ?? keptResource(origin)
  // In the order of the names, as it is stored.
  return {
    convention: reading.spoken[0]?.name ?? "none",
    dropped_attributes: content.dropped > 0 ? content.dropped : undefined,
    events: span.events.length > 0 ? span.events.slice(0, MOST_EVENTS).map(keptEvent) : undefined,
    flags: flags.length > 0 ? flags : undefined,
    format: "otlp",
    input_from: content.inputFrom,
    mapping_version: MAPPING_VERSION,
    // What a name or an error of the convention's own took the place of.
    name: span.name === told.name ? undefined : toName(span.name, 1024),
    output_from: content.outputFrom,
    resource,
    scope,
    // Where they are not the event's own run and span.
    span: own.span === span.spanId ? undefined : span.spanId,
    span_kind: span.kind > 0 ? span.kind : undefined,
    status: span.status > 0 ? span.status : undefined,
    status_message: span.statusMessage === (told.error ?? "") ? undefined : span.statusMessage.slice(0, 1024),
    trace: own.run === span.traceId ? undefined : span.traceId,
  }
}

/** The scope, and what a mapping reads of the resource; the same for all spans of one sender. */
type Kept = { scope: string | undefined; resource: Record<string, string> | undefined }
const placed = new WeakMap<Origin, Kept>()

function keptResource(origin: Origin): Kept {
  const read = RESOURCE.flatMap((name): [string, string][] => {
    const value = toName(origin.resource[name])
    return value === undefined ? [] : [[name, value]]
  })
  const kept = {
    scope: origin.scope === "" ? undefined : toName(`${origin.scope} ${origin.scopeVersion}`),
    resource: read.length > 0 ? Object.fromEntries(read) : undefined,
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
].sort()
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
