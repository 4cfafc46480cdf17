import { parsed } from "@/components/trace/chat-part"
import { Digits, writeExactly } from "@/components/trace/digits"

/** What ingest keeps of one text; longer ones end with a note that says how long they were. */
const CUT = /… \[truncated: (\d+) characters in all\]$/

/** How long a text was before ingest cut it; null for one that is whole. */
export function lengthBeforeCut(text: string): number | null {
  // Only the tail can match, and the text may be long.
  const found = CUT.exec(text.slice(-80))
  return found ? Number(found[1]) : null
}

/** The last event that carries the field wins, as in the ledger. */
export function lastOf(bodies: readonly unknown[], field: string): unknown {
  for (const body of bodies.toReversed())
    if (typeof body === "object" && body !== null && field in body) return (body as Record<string, unknown>)[field]
  return undefined
}

export function asText(value: unknown): string {
  if (value instanceof Digits) return value.text
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "")
}

/** The text of a payload: a structure with line breaks, also where it came as JSON in a string; what cannot be written like that as it came. */
export function textOf(value: unknown, structure: object | undefined): string {
  return (typeof value === "string" && structure ? writeExactly(structure) : null) ?? asText(value)
}

/** A branch has children; anything else is one value. */
export const isBranch = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !(value instanceof Digits)

/** One value as JSON, with the digits it came with. */
export const leafText = (value: unknown): string => (value instanceof Digits ? value.text : JSON.stringify(value))

/** The value as a structure, also where it came as JSON in a string; undefined for plain text. */
export function asStructure(value: unknown): object | undefined {
  const found = parsed(value)
  return isBranch(found) ? found : undefined
}

type JsonEntry = { key: string; value: unknown }

/** Children of an array or object, up to `limit`, and how many there are in all. */
export function entriesOf(value: object, limit: number): { entries: JsonEntry[]; count: number } {
  if (Array.isArray(value))
    return { entries: value.slice(0, limit).map((item, i) => ({ key: String(i), value: item })), count: value.length }
  const keys = Object.keys(value)
  const entries = keys.slice(0, limit).map((key) => ({ key, value: (value as Record<string, unknown>)[key] }))
  return { entries, count: keys.length }
}
