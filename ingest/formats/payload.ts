import { cutText } from "../inspect"

/** Of one payload (an input, an output, metadata) as JSON; three of them stay below what an event may have. */
const KEPT_BYTES = 64 * 1024
/** A character takes at most six bytes of JSON. */
const SURELY_KEPT = KEPT_BYTES / 6 - 2
const CUT_CHARACTERS = 12 * 1024
const DEEPEST = 24
const MOST_KEYS = 1_000
const MOST_ITEMS = 10_000

/**
 * A payload as an event can hold it: what is too large, too deep or too wide becomes its JSON text, cut and said to be cut. A long prompt must not
 * cost the call that it belongs to. Absent stays absent.
 */
export function fitPayload(value: unknown): unknown {
  if (value === null || value === undefined) return undefined
  if (typeof value !== "string" && typeof value !== "object") return value
  if (typeof value === "string" && value.length <= SURELY_KEPT) return value
  const text = JSON.stringify(value)
  const isKept = text.length <= KEPT_BYTES && Buffer.byteLength(text) <= KEPT_BYTES
  if (isKept && (typeof value === "string" || !isShapeless(value))) return value
  const whole = typeof value === "string" ? value : text
  return whole.length <= CUT_CHARACTERS ? whole : cutPayload(whole, CUT_CHARACTERS)
}

export function cutPayload(text: string, characters: number): string {
  if (text.length <= characters) return text
  return `${cutText(text, characters)}… [truncated: ${text.length} characters in all]`
}

/** Level by level, without recursion; a body that came through the reader is nested at most a thousand levels. */
function isShapeless(root: object): boolean {
  let level: object[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true
    const next: object[] = []
    for (const value of level) {
      const items = Array.isArray(value) ? value : Object.values(value)
      if (items.length > (Array.isArray(value) ? MOST_ITEMS : MOST_KEYS)) return true
      for (const item of items) if (item !== null && typeof item === "object") next.push(item)
    }
    level = next
  }
  return false
}
