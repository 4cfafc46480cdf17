import { parsed } from "@/components/trace/chat"

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
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "")
}

/** The value as a structure, also where it came as JSON in a string; undefined for plain text. */
export function asStructure(value: unknown): object | undefined {
  const found = parsed(value)
  return typeof found === "object" && found !== null ? found : undefined
}

export type JsonEntry = { key: string; value: unknown }

/** Children of an array or object, up to `limit`, and how many there are in all. */
export function entriesOf(value: object, limit: number): { entries: JsonEntry[]; count: number } {
  if (Array.isArray(value))
    return { entries: value.slice(0, limit).map((item, i) => ({ key: String(i), value: item })), count: value.length }
  const keys = Object.keys(value)
  const entries = keys.slice(0, limit).map((key) => ({ key, value: (value as Record<string, unknown>)[key] }))
  return { entries, count: keys.length }
}
