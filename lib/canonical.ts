import crypto from "node:crypto"

/**
 * One text per JSON value whatever the order of its keys (sorted by code unit), without white space.
 * It is what identity compares and what `events.body` stores. Iteration depth is bounded by the caller (32).
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value)
  if (Array.isArray(value)) {
    let out = "["
    for (let i = 0; i < value.length; i++) out += i === 0 ? canonicalJson(value[i]) : `,${canonicalJson(value[i])}`
    return `${out}]`
  }
  const record = value as Record<string, unknown>
  const keys = Object.keys(record).sort()
  let out = "{"
  let first = true
  for (const key of keys) {
    const item = record[key]
    if (item === undefined) continue
    out += `${first ? "" : ","}${quotedKey(key)}:${canonicalJson(item)}`
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
