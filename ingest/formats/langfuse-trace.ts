import type { NativeEvent } from "@/lib/contracts/events"
import { RUN_OUTCOMES, type RunOutcome } from "@/lib/vocabulary"
import { attributesOf, type Envelope, optionalInstant, origin, textOf } from "./langfuse-envelope"
import { isObject } from "./langfuse-usage"
import { toName } from "./names"
import { fitPayload } from "./payload"

const MOST_METADATA = 64
const MOST_TAGS = 64
const SHORT = 256
/** Keys of a trace's metadata that say how the run went, where its output would only say that it did. */
const OUTCOME = "andon.outcome"
const ERROR = "andon.error"

/**
 * `trace-create`, sent again with every `trace.update()`: a part of what is known of the run. A trace has no end of its own. Its output is the one
 * thing that claims one; an observation that ended claims nothing for its siblings.
 */
export function runOf({ id, type, at, body }: Envelope, givenId: string): NativeEvent {
  const metadata = isObject(body.metadata) ? body.metadata : {}
  const outcome = outcomeOf(metadata, body.output)
  const error = textOf(metadata[ERROR])
  const event: NativeEvent = {
    id,
    type: "run.updated",
    run: typeof body.id === "string" && body.id !== "" ? body.id : givenId,
    at,
    start: optionalInstant(body.timestamp, "body.timestamp") ?? at,
    tags: tagsOf(body, metadata),
    source: origin(type),
    attributes: { ...attributesOf(body), ...payloadsOf(body) },
  }
  const workflow = toName(body.name)
  const environment = toName(body.environment)
  const release = toName(body.release) ?? toName(body.version)
  if (workflow !== undefined) event.workflow = workflow
  if (environment !== undefined) event.environment = environment
  if (release !== undefined) event.release = release
  if (outcome !== null) event.outcome = outcome
  if (outcome !== null && error !== undefined) event.error = error
  return event
}

/** A run has no fields for them: they stay with what it was read from. */
function payloadsOf(body: Record<string, unknown>): Record<string, unknown> {
  const found = { input: fitPayload(body.input), output: fitPayload(body.output) }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

function outcomeOf(metadata: Record<string, unknown>, output: unknown): RunOutcome | null {
  const said = RUN_OUTCOMES.find((outcome) => outcome === metadata[OUTCOME])
  if (said) return said
  return output === null || output === undefined ? null : "succeeded"
}

/**
 * The trace's tags by their key, `team:a` or plain; its user and session; and its metadata, a tag for each value under the path that leads to it, so
 * that metadata of several updates merges deep. Team and customer are what spend is booked under, wherever they stand.
 */
function tagsOf(body: Record<string, unknown>, metadata: Record<string, unknown>): Record<string, string> {
  const tags = new Map<string, string>()
  const put = (key: string, value: unknown) => {
    const text = typeof value === "boolean" ? String(value) : toName(value, SHORT)
    if (text !== undefined) tags.set(key, text)
  }
  for (const [path, value] of leaves(metadata)) put(`metadata.${path}`, value)
  put("team", metadata.team)
  put("customer", metadata.customer ?? metadata.tenant ?? metadata.tenant_id)
  if (Array.isArray(body.tags)) {
    for (const item of body.tags.slice(0, MOST_TAGS)) {
      const text = toName(item, SHORT)
      if (text === undefined) continue
      const colon = text.indexOf(":")
      const [key, value] = colon > 0 ? [text.slice(0, colon).trim(), text.slice(colon + 1).trim()] : [text, "true"]
      tags.set(value === "" ? text : key, value === "" ? "true" : value)
    }
  }
  put("user", body.userId)
  put("session", body.sessionId)
  return Object.fromEntries(tags)
}

/** Values that are text, numbers or truths, by path; the first ones only, lists not at all. */
function leaves(metadata: Record<string, unknown>): [string, unknown][] {
  const found: [string, unknown][] = []
  const waiting: [string, Record<string, unknown>][] = [["", metadata]]
  for (let at = waiting.shift(); at !== undefined && found.length < MOST_METADATA; at = waiting.shift()) {
    const [prefix, record] = at
    for (const [key, value] of Object.entries(record)) {
      const path = toName(`${prefix}${key}`)
      if (path === undefined || path === OUTCOME || path === ERROR) continue
      if (isObject(value)) waiting.push([`${path}.`, value])
      else if (value !== null && typeof value !== "object") found.push([path, value])
    }
  }
  return found.slice(0, MOST_METADATA)
}
