import { MAPPING_VERSION } from "@/ingest/formats/conventions/all"
import type { Judgement } from "@/ingest/formats/conventions/convention"
import { judge } from "@/ingest/formats/conventions/verdict"
import { makerOf, toName } from "@/ingest/formats/names"
import { canonicalProvider } from "@/ingest/price-names"
import { contentOf } from "./content"
import type { Attributes, OtlpSpan, SpanEvent } from "./model"
import { failureOf, kindOf, moneyOf, nameOf, type Reading, readingOf, shared, tagsOf, textOf } from "./read"
import { toInstant } from "./times"

/** Events in the form of the native wire, before validation. */
export type Draft = Record<string, unknown> & { id: string; type: string }
export type Mapped = { drafts: Draft[]; warnings: string[] }

const ENVIRONMENT = ["deployment.environment.name", "deployment.environment"]
const RELEASE = ["service.version"]

/**
 * One span as events: itself first, what judged something, and, of a root, what it says of its run. A function of the span alone, so that what
 * comes together, apart or twice comes out the same.
 */
export function spanToEvents(span: OtlpSpan): Mapped {
  const reading = readingOf(span)
  const { view, spoken } = reading
  const hasEnded = span.end !== 0n
  const start = toInstant(span.start) ?? toInstant(span.end)
  const end = toInstant(span.end)
  const own = identityOf(reading)
  const { kind, isGuess } = kindOf(reading)
  const money = moneyOf(reading, kind)
  const failure = failureOf(reading, hasEnded)
  const content = contentOf(span.attributes, spoken)
  const model = nameOf(reading, "model")
  const responseModel = nameOf(reading, "responseModel")
  const provider = nameOf(reading, "provider") ?? makerOf(model ?? responseModel ?? "")
  const tags = tagsOf(reading)
  const placement = {
    workflow: workflowOf(reading, kind),
    environment: nameOf(reading, "environment") ?? shared(reading, ENVIRONMENT),
    release: nameOf(reading, "release") ?? shared(reading, RELEASE),
    ...(Object.keys(tags).length > 0 ? { tags } : {}),
  }
  const flags = [...money.flags, ...(isGuess ? ["kind_guessed"] : []), ...(hasEnded ? [] : ["no_end"])]
  const call =
    money.usage !== undefined || money.cost !== undefined || model !== undefined || responseModel !== undefined
  const drafts: Draft[] = [
    {
      id: own.id,
      type: "span",
      run: own.run,
      span: own.span,
      parent: span.parentId === "" ? undefined : span.parentId,
      kind,
      name: toName(textOf(reading, "name") ?? span.name, 1024),
      start,
      end,
      ...(call && provider ? { provider: canonicalProvider(provider) } : {}),
      model: model ?? responseModel,
      response_model: responseModel,
      service_tier: nameOf(reading, "serviceTier"),
      usage: money.usage,
      cost: money.cost,
      status: failure.status ?? undefined,
      error: failure.error,
      ...placement,
      input: content.input,
      output: content.output,
      attributes: content.attributes,
      source: sourceOf(reading, content, flags),
    },
  ]
  // What an unfinished span says beside itself comes again with its end.
  for (const [i, [judged, at]] of (hasEnded ? judgementsOf(reading) : []).entries())
    drafts.push(verificationDraft(`${own.id}:check:${i}`, own.run, judged, toInstant(at) ?? end ?? start, own.span))
  if (view.isRoot || spoken.some((convention) => convention.isAppRoot?.(view)))
    drafts.push(runDraft(reading, own, { start, end, kind, placement, failure }))
  return { drafts, warnings: money.warnings }
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
  const service = shared(reading, ["service.name"])
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

const EVALUATION = "gen_ai.evaluation.result"

function judgementsOf(reading: Reading): [Judgement, bigint][] {
  const { view, spoken } = reading
  const own = spoken.flatMap((convention) => convention.judgements?.(view) ?? [])
  const told = view.span.events.flatMap((event): [Judgement, bigint][] => {
    const judged = event.name === EVALUATION ? judgeEvaluation(event.attributes) : null
    return judged ? [[judged, event.at]] : []
  })
  return [...told, ...own.map((judged): [Judgement, bigint] => [judged, view.span.end])]
}

export function judgeEvaluation(a: Attributes): Judgement | null {
  return judge({
    name: a["gen_ai.evaluation.name"],
    score: a["gen_ai.evaluation.score.value"],
    label: a["gen_ai.evaluation.score.label"],
    explanation: a["gen_ai.evaluation.explanation"],
    error: a["error.type"],
  })
}

export function verificationDraft(
  id: string,
  run: string,
  { check, verdict, score, evidence, verifier }: Judgement,
  at: string | undefined,
  span?: string,
): Draft {
  return {
    id,
    type: "verification",
    run,
    at,
    check,
    outcome: verdict,
    score,
    evidence: evidence || undefined,
    ...(verifier ? { verifier: { name: verifier } } : {}),
    source: { format: "otlp", mapping_version: MAPPING_VERSION, ...(span ? { span } : {}) },
  }
}

/** What the mapping read beside the attributes, so that it can be done again. */
function sourceOf(reading: Reading, content: ReturnType<typeof contentOf>, flags: string[]): Record<string, unknown> {
  const { span } = reading.view
  const { resource, scope, scopeVersion } = span.origin
  const read = RESOURCE.flatMap((name): [string, string][] => {
    const value = toName(resource[name])
    return value === undefined ? [] : [[name, value]]
  })
  return {
    format: "otlp",
    convention: reading.spoken[0]?.name ?? "none",
    mapping_version: MAPPING_VERSION,
    trace: span.traceId,
    span: span.spanId,
    ...(flags.length > 0 ? { flags } : {}),
    ...(scope === "" ? {} : { scope: toName(`${scope} ${scopeVersion}`) }),
    ...(read.length > 0 ? { resource: Object.fromEntries(read) } : {}),
    ...(span.kind > 0 ? { span_kind: span.kind } : {}),
    ...(span.status > 0 ? { status: span.status } : {}),
    ...(content.inputFrom ? { input_from: content.inputFrom } : {}),
    ...(content.outputFrom ? { output_from: content.outputFrom } : {}),
    ...(content.dropped > 0 ? { dropped_attributes: content.dropped } : {}),
    ...(span.events.length > 0 ? { events: span.events.slice(0, MOST_EVENTS).map(keptEvent) } : {}),
  }
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
