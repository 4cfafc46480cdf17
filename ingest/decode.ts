import { isUtf8 } from "node:buffer"
import { AppError } from "@/lib/errors"
import { UnreadableEvent } from "./unreadable"

export type BodyFormat = "json" | "ndjson"
export type Decoded = { events: unknown[]; warnings: string[] }

/**
 * A body nested deeper is refused whole: JSON.parse survives it, what comes after it (stringify, jsonb) does not. What is deeper than an
 * event may be, yet within this, is rejected as that event alone.
 */
const DEEPEST_BODY = 1_000

/**
 * The events of a body, each as it came: `{"events": […]}`, a bare array, or one event a line. A line that is not JSON stands as
 * `UnreadableEvent`.
 * @throws AppError `invalid_json`, `invalid_envelope`, `too_deep`, `too_many_events`: for the request as a whole.
 */
export function decodeBody(body: Buffer, format: BodyFormat, mostEvents: number): Decoded {
  const warnings: string[] = []
  // Broken bytes become U+FFFD: an identifier with one is refused later, free text is kept.
  if (!isUtf8(body)) warnings.push("The body is not UTF-8 throughout: broken bytes were replaced.")
  let text = body.toString("utf8")
  if (text.charCodeAt(0) === 0xfeff) text = text.slice(1)
  const events = format === "json" ? fromJson(text, warnings) : fromLines(text, mostEvents)
  if (events.length > mostEvents) throw tooMany(mostEvents)
  // Shorter than its own brackets it cannot be too deep.
  if (body.length > DEEPEST_BODY * 2 && isDeeperThan(events, DEEPEST_BODY))
    throw new AppError("too_deep", "The body is nested too deeply.")
  return { events, warnings }
}

function fromJson(text: string, warnings: string[]): unknown[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own message quotes the body.
    throw new AppError("invalid_json", text === "" ? "The body is empty." : "The body is not JSON.")
  }
  if (Array.isArray(value)) return value
  if (value !== null && typeof value === "object" && Object.hasOwn(value, "events")) {
    const { events } = value as { events: unknown }
    if (Array.isArray(events)) {
      if (Object.keys(value).length > 1) warnings.push("Fields beside events were ignored.")
      return events
    }
  }
  throw new AppError("invalid_envelope", 'The body must be {"events": […]}, an array of events, or NDJSON.', {
    field: "events",
  })
}

function fromLines(text: string, mostEvents: number): unknown[] {
  const events: unknown[] = []
  for (let start = 0; start < text.length; ) {
    let end = text.indexOf("\n", start)
    if (end < 0) end = text.length
    const line = text.slice(start, end).trim()
    start = end + 1
    if (line === "") continue
    if (events.length === mostEvents) throw tooMany(mostEvents)
    events.push(parseLine(line))
  }
  if (events.length === 0) throw new AppError("invalid_json", "The body is empty.")
  return events
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return new UnreadableEvent(line)
  }
}

function tooMany(most: number): AppError {
  return new AppError("too_many_events", `A request may carry at most ${most} events.`)
}

/** Level by level, without recursion: the stack is what an attacker aims at. */
export function isDeeperThan(root: unknown, limit: number): boolean {
  let level: unknown[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true
    const next: unknown[] = []
    for (const value of level) {
      if (value === null || typeof value !== "object" || value instanceof UnreadableEvent) continue
      for (const item of Array.isArray(value) ? value : Object.values(value))
        if (item !== null && typeof item === "object") next.push(item)
    }
    level = next
  }
  return false
}
