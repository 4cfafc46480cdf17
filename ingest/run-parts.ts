import type { NativeEvent } from "@/lib/contracts/events"
import { compareText } from "@/lib/order"
import type { RunOutcome } from "@/lib/vocabulary"

/** One field as the latest event that named it said it. */
type Said<T> = { value: T; at: number; id: string }
type Field = "workflow" | "agent" | "environment" | "release"
export type Claim = { outcome: RunOutcome; error: string | null; sha256: string | null; refs: string[] }

/**
 * What `run.updated` events say together. Each field stands alone with the instant that decided it, so that nothing but the set of events
 * matters, and however many there are, no more is kept than the fields.
 */
export type RunParts = {
  /** The earliest start that any of them names. */
  start: { at: number; id: string } | null
  fields: Partial<Record<Field, Said<string>>>
  tags: Record<string, Said<string>>
  claim: Said<Claim> | null
  other: string[]
}

const FIELDS: readonly Field[] = ["workflow", "agent", "environment", "release"]
/** Of all tags ever given to a run; those whose names come first are kept, whatever the order of arrival. */
const MAX_TAGS = 256
const NOTHING: RunParts = { start: null, fields: {}, tags: {}, claim: null, other: [] }

type Updated = Extract<NativeEvent, { type: "run.updated" }>

/** @param start of the event, when it is believed. */
export function addPart(
  parts: RunParts | undefined,
  item: { id: string; at: number; other: readonly string[] },
  event: Updated,
  start: number | null,
): RunParts {
  const before = parts ?? NOTHING
  const said = <T>(value: T): Said<T> => ({ value, at: item.at, id: item.id })
  const fields = { ...before.fields }
  for (const field of FIELDS) {
    const value = event[field]
    if (value !== undefined) fields[field] = later(fields[field] ?? null, said(value))
  }
  const { outcome } = event
  const claim =
    outcome === undefined
      ? before.claim
      : later(
          before.claim,
          said({
            outcome,
            error: event.error ?? null,
            sha256: event.output?.sha256 ?? null,
            refs: event.output?.refs ?? [],
          }),
        )
  return {
    start: start === null ? before.start : earlier(before.start, { at: start, id: item.id }),
    fields,
    tags: event.tags === undefined ? before.tags : addTags(before.tags, event.tags, said),
    claim,
    other: [...new Set([...before.other, ...item.other])].sort(compareText),
  }
}

function addTags(
  before: RunParts["tags"],
  tags: Record<string, string>,
  said: (value: string) => Said<string>,
): RunParts["tags"] {
  const known = new Map(Object.entries(before))
  for (const [name, value] of Object.entries(tags))
    if (name !== "__proto__") known.set(name, later(known.get(name) ?? null, said(value)))
  return Object.fromEntries([...known].sort(([a], [b]) => compareText(a, b)).slice(0, MAX_TAGS))
}

/** Their values alone, over those that a start of its own gave. */
export function tagsOf(parts: RunParts): Record<string, string> {
  return Object.fromEntries(Object.entries(parts.tags).map(([name, { value }]) => [name, value]))
}

export function fieldsOf(parts: RunParts): Partial<Record<Field, string>> {
  const out: Partial<Record<Field, string>> = {}
  for (const field of FIELDS) {
    const said = parts.fields[field]
    if (said) out[field] = said.value
  }
  return out
}

function later<T>(known: Said<T> | null, added: Said<T>): Said<T> {
  if (known === null) return added
  return (known.at - added.at || compareText(known.id, added.id)) >= 0 ? known : added
}

function earlier(known: RunParts["start"], added: { at: number; id: string }): { at: number; id: string } {
  if (known === null) return added
  return (known.at - added.at || compareText(known.id, added.id)) <= 0 ? known : added
}
