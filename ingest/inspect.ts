/**
 * One pass over a decoded event before its schema is asked: bounds that JSON.parse does not set, and clean-up of free text.
 * Text is mended and flagged, because money must not be lost over an ugly character; keys and numbers are refused.
 */
export const LIMITS = {
  depth: 32,
  keys: 1_000,
  items: 10_000,
  /** Longer text is cut; the original length is kept beside it. */
  text: 64 * 1024,
  /** Of the canonical event, after long texts are cut. */
  eventBytes: 256 * 1024,
} as const

/** `isOrdered`: the keys of every object stand as canonical JSON writes them, so that it can be written as it is. */
export type Inspected =
  | { ok: true; value: Record<string, unknown>; sanitized: boolean; isOrdered: boolean }
  | { ok: false; code: string; field: string }

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const HAS_CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** Keys repeat from event to event; looking at each of their letters again was a third of the work. */
const plainKeys = new Set<string>()
const MOST_PLAIN_KEYS = 2_000
const LONGEST_PLAIN_KEY = 128

class Refused extends Error {
  constructor(
    readonly code: string,
    readonly field: string,
  ) {
    super(code)
  }
}

type State = { sanitized: boolean; isOrdered: boolean }

export function inspect(raw: Record<string, unknown>): Inspected {
  const state: State = { sanitized: false, isOrdered: true }
  try {
    const value = clean(raw, "", 0, state) as Record<string, unknown>
    // What was mended may stand under other keys than those that were looked at.
    return { ok: true, value, sanitized: state.sanitized, isOrdered: state.isOrdered && !state.sanitized }
  } catch (error) {
    if (error instanceof Refused) return { ok: false, code: error.code, field: error.field }
    throw error
  }
}

/**
 * The same without a look at the texts: null where `inspect` would refuse or cut. A whole text is quicker looked at where it is written, see `isSurelyClean`.
 */
export function inspectBounds(raw: Record<string, unknown>): { isOrdered: boolean } | null {
  const state = { sanitized: false, isOrdered: true }
  return isWithin(raw, 0, state) ? state : null
}

function isWithin(value: object, depth: number, state: State): boolean {
  if (depth >= LIMITS.depth) return false
  if (Array.isArray(value)) {
    if (value.length > LIMITS.items) return false
    for (const item of value) if (!isItemWithin(item, depth, state)) return false
    return true
  }
  const record = value as Record<string, unknown>
  const keys = Object.keys(record)
  if (keys.length > LIMITS.keys) return false
  let before = ""
  for (const key of keys) {
    if (before > key) state.isOrdered = false
    before = key
    if (key.length > LIMITS.text || !isItemWithin(record[key], depth, state)) return false
  }
  return true
}

function isItemWithin(item: unknown, depth: number, state: State): boolean {
  if (typeof item === "string") return item.length <= LIMITS.text
  if (typeof item === "number") return Number.isFinite(item)
  return typeof item !== "object" || item === null || isWithin(item, depth + 1, state)
}

/**
 * Whether no text of this JSON, as `JSON.stringify` writes it, has anything that `inspect` would mend: control characters and lone surrogates are written with a
 * backslash, delete as it is. A backslash of the text's own before such a letter is no sure thing.
 */
export function isSurelyClean(json: string): boolean {
  return !(json.includes("\\u") || json.includes("\\b") || json.includes("\\f") || json.includes("\u007f"))
}

/** Returns the same object when nothing had to change; recursion is bounded by LIMITS.depth. */
function clean(value: unknown, path: string, depth: number, state: State): unknown {
  if (typeof value === "string") return cleanText(value, state)
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Refused("number_out_of_range", path)
    return value
  }
  if (value === null || typeof value !== "object") return value
  if (depth >= LIMITS.depth) throw new Refused("too_deep", path)
  if (Array.isArray(value)) {
    if (value.length > LIMITS.items) throw new Refused("too_many", path)
    let copy: unknown[] | undefined
    for (let i = 0; i < value.length; i++) {
      const item = clean(value[i], `${path}[${i}]`, depth + 1, state)
      if (item !== value[i]) {
        copy ??= value.slice()
        copy[i] = item
      }
    }
    return copy ?? value
  }
  const record = value as Record<string, unknown>
  const keys = Object.keys(record)
  if (keys.length > LIMITS.keys) throw new Refused("too_many", path)
  let changes: Map<string, [string, unknown]> | undefined
  let before = ""
  for (const key of keys) {
    if (before > key) state.isOrdered = false
    before = key
    const item = record[key]
    const cleanKey = plainKeys.has(key) ? key : cleanName(key, state)
    let cleanItem = item
    if (typeof item === "string") cleanItem = cleanText(item, state)
    else if ((typeof item === "object" && item !== null) || typeof item === "number")
      cleanItem = clean(item, path ? `${path}.${key}` : key, depth + 1, state)
    if (cleanItem !== item || cleanKey !== key) {
      changes ??= new Map()
      changes.set(key, [cleanKey, cleanItem])
    }
  }
  if (!changes) return record
  // fromEntries defines own properties, so a key such as "__proto__" stays plain data.
  return Object.fromEntries(keys.map((key) => changes.get(key) ?? [key, record[key]]))
}

function cleanName(key: string, state: State): string {
  const clean = cleanText(key, state)
  if (clean === key && key.length <= LONGEST_PLAIN_KEY && plainKeys.size < MOST_PLAIN_KEYS) plainKeys.add(key)
  return clean
}

function cleanText(text: string, state: State): string {
  let out = text
  if (!out.isWellFormed()) out = out.toWellFormed()
  if (HAS_CONTROL.test(out)) out = out.replace(CONTROL, "\ufffd")
  if (out.length > LIMITS.text) out = `${cutText(out, LIMITS.text)}… [truncated: ${text.length} characters in all]`
  if (out !== text) state.sanitized = true
  return out
}

/** The longest prefix within `length` code units that ends on a grapheme boundary. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text
  // Only the tail matters for the boundary; segmenting 64 KiB would be slow.
  const from = Math.max(0, length - 256)
  const tail = text.slice(from, length + 256)
  let end = from
  for (const part of new Intl.Segmenter("und", { granularity: "grapheme" }).segment(tail)) {
    const next = from + part.index + part.segment.length
    if (next > length) break
    end = next
  }
  return text.slice(0, end === from && from > 0 ? length : end).toWellFormed()
}
