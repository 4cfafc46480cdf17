/** The ways in. What came through another than `native` was made into events by a decoder: ids of free text, a `source` that can be believed. */
export const DOORS = ["native", "otlp-traces", "otlp-logs", "otlp-metrics", "langfuse"] as const
export type Door = (typeof DOORS)[number]

/** What is kept of a refused item: the item as its door takes it, or (`:event`) what its decoder made of it. */
export type Form = Door | `${Door}:event`

export const formOf = (door: Door): Form => (door === "native" ? door : `${door}:event`)

export function readForm(text: string): { door: Door; isDecoded: boolean } | null {
  const [name, rest] = text.split(":", 2)
  const door = DOORS.find((known) => known === name)
  return door ? { door, isDecoded: rest === "event" } : null
}
