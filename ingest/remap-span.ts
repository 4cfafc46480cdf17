import { canonicalJson } from "@/lib/canonical"
import { formatMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import { isAct, MAPPED, type MappedField, type Mapping, type Mappings, type Remapped } from "./act-events"
import type { Contribution } from "./contribution"
import type { Entry, LedgerEvent } from "./event"
import { foldSpan, newestRemapped } from "./fold-span"
import { conventionOf, mappingOf, rereadEvent } from "./formats/reread"
import { NEW_FROM } from "./save-events"
import type { SpanState } from "./span-state"

/** What is to be said of a span: how its events are read from now on, and what its cost then is decided to be. */
export type Planned = { event: Remapped; entry: Entry; fields: MappedField[]; convention: string; after: SpanState }
export type RemapAct = { id: number; convention: string | null; currency: string; decide: (state: SpanState) => Entry }

/**
 * A span read again by the mapping of now. Its price is decided anew only where something that it is made of has changed. Pure.
 * @param events all of the span. @returns null where nothing changes, "left" where not enough of what was sent is kept.
 */
export function planRemap(events: readonly LedgerEvent[], act: RemapAct): Planned | "left" | null {
  const inForce = newestRemapped(events)?.event.mappings ?? null
  const next: Record<string, Mapping> = {}
  const fields = new Set<MappedField>()
  let convention: string | null = null
  let isLeft = false
  for (const item of events) {
    if (isAct(item.event) || item.event.type === "tick") continue
    const known = inForce?.events[item.id]
    const spoken = conventionOf(item.event)
    const isWanted = spoken !== null && (act.convention === null || act.convention === spoken)
    const again =
      isWanted && !item.entry.sanitized ? rereadEvent(item.event, { ...item, currency: act.currency }) : null
    if (again === null) {
      isLeft ||= isWanted
      if (known) next[item.id] = known
      continue
    }
    const stored = mappingOf(item.event)
    const differing = differences(known ?? stored, again)
    for (const field of differing) fields.add(field)
    if (differing.length > 0) convention ??= spoken
    if (differences(stored, again).length > 0) next[item.id] = again
  }
  if (convention === null) return isLeft ? "left" : null
  return { ...plan(events, act, { remapping: act.id, events: next }), fields: [...fields], convention }
}

/** Takes back what an act has said of a span, with its price; what came since stays, and is priced as it is then read. */
export function planUndo(events: readonly LedgerEvent[], act: RemapAct): Planned | "left" | null {
  if (newestRemapped(events)?.event.mappings?.remapping !== act.id) return null
  const done = newestRemapped(events.filter(({ event }) => event.type === "remapped" && isOf(event, act.id)))
  if (!done) return "left"
  const { before } = done.event
  const planned = plan(events, act, before.mappings, true)
  const isLast = newestOf(events) === done.item
  const spoken = events.map(({ event }) => (isAct(event) || event.type === "tick" ? null : conventionOf(event)))
  return {
    ...planned,
    ...(isLast
      ? { entry: { ...before.entry, ...(planned.entry.booked ? { booked: planned.entry.booked } : {}) } }
      : {}),
    fields: [],
    convention: spoken.find((name) => name !== null) ?? "none",
  }
}

const isOf = (event: Remapped, id: number): boolean => !event.isUndo && event.remapping === id

function plan(
  events: readonly LedgerEvent[],
  act: RemapAct,
  mappings: Mappings | null,
  isUndo = false,
): Pick<Planned, "event" | "entry" | "after"> {
  const before = foldSpan(events)
  const newest = newestOf(events)
  const { runId, spanId } = before
  const event: Remapped = {
    type: "remapped",
    id: `${isUndo ? "mapping-restored" : "remapped"}:${act.id}:${spanId}`,
    at: toIso(before.startedAt),
    span: spanId,
    ...(runId === "" ? {} : { run: runId }),
    remapping: act.id,
    ...(isUndo ? { isUndo: true as const } : {}),
    mappings,
    before: { mappings: newestRemapped(events)?.event.mappings ?? null, entry: newest.entry },
    since: toIso(before.receivedAt),
  }
  const said: LedgerEvent = { ...newest, n: NEW_FROM, id: event.id, type: event.type, seq: null, event }
  const after = foldSpan([...events, said])
  const { booked } = newest.entry
  const decided = pricedBy(before) === pricedBy(after) ? newest.entry : act.decide(after)
  return { event, after, entry: booked === undefined ? decided : { ...decided, booked } }
}

const newestOf = (events: readonly LedgerEvent[]): LedgerEvent =>
  events.reduce((last, item) => (item.n > last.n ? item : last))

/** All that a price depends on. */
function pricedBy({ provider, model, askedModel, serviceTier, usage, extras, reportedCost }: SpanState): string {
  return canonicalJson([
    provider,
    model,
    askedModel,
    serviceTier,
    usage,
    extras,
    reportedCost && formatMoney(reportedCost),
  ])
}

function differences(before: Mapping, after: Mapping): MappedField[] {
  return MAPPED.filter((field) => textOf(before[field]) !== textOf(after[field]))
}

const textOf = (value: unknown): string => (value === undefined ? "" : canonicalJson(value))

/** Sums of an act, exact; money as decimal strings. `before` and `after`: of the calls that it touches, so that their difference is what spend moves by. */
export type RemapTally = {
  /** Spans looked at; those whose reading changes; those of which not enough is kept. */
  spans: number
  changed: number
  left: number
  unpriced_before: number
  unpriced_after: number
  before: string
  after: string
  /** How many spans change in which field. */
  fields: Partial<Record<MappedField, number>>
}

export class RemapSums {
  readonly #counts = { spans: 0, changed: 0, left: 0, unpriced_before: 0, unpriced_after: 0 }
  readonly #money = { before: 0n, after: 0n }
  readonly #fields: Partial<Record<MappedField, number>> = {}

  look(isLeft = false): void {
    this.#counts.spans++
    if (isLeft) this.#counts.left++
  }

  change(fields: readonly MappedField[]): void {
    this.#counts.changed++
    for (const field of fields) this.#fields[field] = (this.#fields[field] ?? 0) + 1
  }

  move(before: Contribution | null, after: Contribution): void {
    this.#add("before", before)
    this.#add("after", after)
  }

  #add(side: "before" | "after", span: Contribution | null): void {
    if (!span?.isCall) return
    if (span.cost === null) this.#counts[`unpriced_${side}`]++
    else this.#money[side] += span.cost
  }

  get changed(): number {
    return this.#counts.changed
  }

  done(): RemapTally {
    const { before, after } = this.#money
    return { ...this.#counts, before: formatMoney(before), after: formatMoney(after), fields: { ...this.#fields } }
  }
}
