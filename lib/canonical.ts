import crypto from "node:crypto"

/**
 * One text per JSON value whatever the order of its keys (sorted by code unit), without white space.
 * It is what identity compares and what `events.body` stores. Iteration depth is bounded by the caller (32).
 */
export function canonicalJson(value: unknown): string {
  const ordered = inKeyOrder(value)
  return ordered === undefined ? spelled(value) : JSON.stringify(ordered)
}

/**
 * The same value with its keys in order, itself where they are: the engine then writes it in one go, in half the time of piecing it together. Undefined
 * where an object cannot hold the order: it has numbers before all other keys.
 */
function inKeyOrder(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value
  return Array.isArray(value) ? listInKeyOrder(value) : recordInKeyOrder(value as Record<string, unknown>)
}

function listInKeyOrder(list: unknown[]): unknown[] | undefined {
  let copy: unknown[] | undefined
  for (let i = 0; i < list.length; i++) {
    const item = list[i]
    if (item === null || typeof item !== "object") continue
    const ordered = inKeyOrder(item)
    if (ordered === undefined) return undefined
    if (ordered === item) continue
    copy ??= list.slice()
    copy[i] = ordered
  }
  return copy ?? list
}

function recordInKeyOrder(record: Record<string, unknown>): Record<string, unknown> | undefined {
  const keys = Object.keys(record)
  let isOrdered = true
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string
    const first = key.charCodeAt(0)
    if ((first >= DIGIT_0 && first <= DIGIT_9) || key === "__proto__") return undefined
    if (i > 0 && (keys[i - 1] as string) > key) isOrdered = false
  }
  if (!isOrdered) keys.sort()
  let copy: Record<string, unknown> | undefined = isOrdered ? undefined : {}
  for (const key of keys) {
    const item = record[key]
    const ordered = item === null || typeof item !== "object" ? item : inKeyOrder(item)
    if (ordered === undefined && item !== undefined) return undefined
    if (isOrdered && ordered === item) continue
    copy ??= { ...record }
    copy[key] = ordered
  }
  return copy ?? record
}

const DIGIT_0 = 48
const DIGIT_9 = 57

/** Piece by piece, for values whose keys no object holds in order. */
function spelled(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value)
  if (Array.isArray(value)) {
    let out = "["
    for (let i = 0; i < value.length; i++) out += i === 0 ? spelled(value[i]) : `,${spelled(value[i])}`
    return `${out}]`
  }
  const record = value as Record<string, unknown>
  const keys = Object.keys(record).sort()
  let out = "{"
  let first = true
  for (const key of keys) {
    const item = record[key]
    if (item === undefined) continue
    out += `${first ? "" : ","}${quotedKey(key)}:${spelled(item)}`
    first = false
  }
  return `${out}}`
}

/** Keys repeat from event to event; quoting them again each time was a fifth of the work. */
const quotedKeys = new Map<string, string>()
const MAX_QUOTED_KEYS = 1_000

function quotedKey(key: string): string {
  const known = quotedKeys.get(key)
  if (known !== undefined) return known
  const quoted = JSON.stringify(key)
  if (quotedKeys.size < MAX_QUOTED_KEYS) quotedKeys.set(key, quoted)
  return quoted
}

/** The first 16 bytes of SHA-256 in the form of a uuid: PostgreSQL's fixed-size 16-byte type. */
export function digest16(text: string): string {
  const hex = sha256(text)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

/** The one-shot form (Node 20.12 and newer) costs half of the other. */
export const sha256: (text: string) => string =
  typeof crypto.hash === "function"
    ? (text) => crypto.hash("sha256", text, "hex")
    : (text) => crypto.createHash("sha256").update(text).digest("hex")
