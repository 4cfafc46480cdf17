import { compareText, inOrder } from "@/lib/order"
import { parseInstant } from "@/lib/time"
import { RUN_STATUSES, type RunOutcome, type RunStatus } from "@/lib/vocabulary"
import type { LedgerEvent } from "./event"
import { credible, tagOf } from "./fold-span"
import { addPart, fieldsOf, type RunParts, tagsOf } from "./run-parts"
import type { Placement } from "./span-state"

/** What the run's own events said. Kept whole on the run's row, because which start and which end counts depends on all of them. */
export type StartFact = {
  id: string
  seq: number | null
  at: number
  workflow: string | null
  agent: string | null
  environment: string | null
  release: string | null
  tags: Record<string, string>
  plan: string[]
  checks: string[]
  other: string[]
}
export type EndFact = {
  id: string
  seq: number | null
  at: number
  kind: "halted" | "finished"
  outcome: RunOutcome | null
  by: string | null
  step: string | null
  reason: string | null
  rule: string | null
  error: string | null
  sha256: string | null
  refs: string[]
}
/** `parts`: what `run.updated` events said; `tick`: the latest that the watchdog stored; both absent while there is none. */
export type RunFacts = { starts: StartFact[]; ends: EndFact[]; parts?: RunParts; tick?: number }

export const NO_FACTS: RunFacts = { starts: [], ends: [] }
/** More starts or ends than this are noise; the earliest are kept, whatever the order of arrival. */
const KEPT = 16

export function addFact(facts: RunFacts, item: LedgerEvent): RunFacts {
  const { event } = item
  const base = { id: item.id, seq: item.seq, at: credible(item.at, item.receivedAt) }
  switch (event.type) {
    case "run.started":
      return {
        ...facts,
        starts: keep(facts.starts, {
          ...base,
          workflow: event.workflow ?? null,
          agent: event.agent ?? null,
          environment: event.environment ?? null,
          release: event.release ?? null,
          tags: plainTags(event.tags),
          plan: event.plan ?? [],
          checks: event.checks ?? [],
          other: item.entry.other ?? [],
        }),
      }
    case "run.updated": {
      const start = event.start === undefined ? null : parseInstant(event.start)
      const began = start === null ? null : credible(start, item.receivedAt)
      return { ...facts, parts: addPart(facts.parts, { ...base, other: item.entry.other ?? [] }, event, began) }
    }
    case "tick":
      return { ...facts, tick: Math.max(facts.tick ?? 0, item.at) }
    case "run.halted":
      return {
        ...facts,
        ends: keep(facts.ends, {
          ...base,
          kind: "halted",
          outcome: null,
          by: event.by ?? null,
          step: event.step ?? null,
          reason: event.reason ?? null,
          rule: event.rule ?? null,
          error: null,
          sha256: null,
          refs: [],
        }),
      }
    case "run.finished":
      return {
        ...facts,
        ends: keep(facts.ends, {
          ...base,
          kind: "finished",
          outcome: event.outcome,
          by: null,
          step: null,
          reason: null,
          rule: null,
          error: event.error ?? null,
          sha256: event.output?.sha256 ?? null,
          refs: event.output?.refs ?? [],
        }),
      }
    default:
      return facts
  }
}

/** The schema drops this key, the stored body keeps it: a replay must see what ingest saw. */
function plainTags(tags: Record<string, string> = {}): Record<string, string> {
  if (!Object.hasOwn(tags, "__proto__")) return tags
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key !== "__proto__"))
}

function keep<T extends { id: string; at: number }>(facts: T[], added: T): T[] {
  return [...facts, added].sort((a, b) => a.at - b.at || compareText(a.id, b.id)).slice(0, KEPT)
}

export type Note = { code: string; text: string; event: string | null }

/** The part of a run that its own events decide. The first start and the first end count; further ones become notes. */
export type RunState = {
  start: StartFact | null
  end: EndFact | null
  status: RunStatus
  placement: Placement
  notes: Note[]
}

export function deriveRun(facts: RunFacts): RunState {
  const { parts } = facts
  const starts = inOrder(facts.starts)
  const claim = claimOf(parts)
  const ends = inOrder(claim ? [...facts.ends, claim] : facts.ends)
  const own = starts[0] ?? null
  // What updates name waits for a start, theirs or the run's own: until then the run is partial.
  const start = parts && (own || parts.start) ? withParts(own, parts) : own
  const end = ends[0] ?? null
  const notes: Note[] = []
  for (const extra of starts.slice(1)) {
    notes.push({
      code: "second_start",
      text: "The run was started a second time; the first start counts.",
      event: extra.id,
    })
  }
  for (const extra of ends.slice(1)) {
    const claim = extra.kind === "halted" ? "halted" : (extra.outcome as RunOutcome)
    const isAfterHalt = end?.kind === "halted" && extra.kind === "finished"
    notes.push({
      code: isAfterHalt ? "finished_after_halt" : "second_end",
      text: isAfterHalt
        ? `The run reported “${claim}” after it was halted; the halt counts.`
        : `The run ended a second time, as “${claim}”; the first end counts.`,
      event: extra.id,
    })
  }
  return {
    start,
    end,
    status: end === null ? "running" : end.kind === "halted" ? "halted" : (end.outcome as RunOutcome),
    placement: {
      workflow: start?.workflow ?? null,
      environment: start?.environment ?? null,
      release: start?.release ?? null,
      team: tagOf(start?.tags, "team"),
      customer: tagOf(start?.tags, "customer"),
    },
    notes,
  }
}

/** A start with what updates said of it; their start stands in for one of the run's own. */
function withParts(own: StartFact | null, parts: RunParts): StartFact {
  const base = own ?? {
    id: parts.start?.id ?? "",
    seq: null,
    at: parts.start?.at ?? 0,
    workflow: null,
    agent: null,
    environment: null,
    release: null,
    tags: {},
    plan: [],
    checks: [],
    other: [],
  }
  return {
    ...base,
    ...fieldsOf(parts),
    tags: { ...base.tags, ...tagsOf(parts) },
    other: [...new Set([...base.other, ...parts.other])],
  }
}

function claimOf(parts: RunParts | undefined): EndFact | null {
  if (!parts?.claim) return null
  const { value, at, id } = parts.claim
  return { id, seq: null, at, kind: "finished", by: null, step: null, reason: null, rule: null, ...value }
}

/** Statuses that a run cannot leave by its own events. */
export const ENDED: ReadonlySet<RunStatus> = new Set(
  RUN_STATUSES.filter((status) => ["halted", "succeeded", "failed", "cancelled"].includes(status)),
)
