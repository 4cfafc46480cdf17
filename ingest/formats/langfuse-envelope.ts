import type { NativeEvent } from "@/lib/contracts/events"
import { parseInstant } from "@/lib/time"
import { isObject } from "./langfuse-usage"
import { cutPayload, fitPayload } from "./payload"
import { Refusal } from "./refusal"

type Json = Record<string, unknown>
/** One event of a batch, its envelope read. `id` is made of the format's own, so that an event sent again is known again. */
export type Envelope = { id: string; type: string; at: string; body: Json; currency: string }

export const FORMAT = "langfuse"
/** Raised when a mapping changes, so that what an older one read can be found. */
export const LANGFUSE_MAPPING_VERSION = 1
const ERROR_CHARACTERS = 4_000

/** Everything that has no field of ours, and what the fields were read from. */
export function attributesOf(body: Json): Json {
  const kept = Object.entries(body).filter(([key, value]) => value !== null && key !== "input" && key !== "output")
  const fit = fitPayload(Object.fromEntries(kept))
  return isObject(fit) ? fit : { truncated: fit }
}

export function origin(
  type: string,
  flags: readonly string[] = [],
): NonNullable<Extract<NativeEvent, { type: "span" }>["source"]> {
  const source = { format: FORMAT, convention: type, mapping_version: LANGFUSE_MAPPING_VERSION }
  return flags.length > 0 ? { ...source, flags: [...flags] } : source
}

export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined || value === "") return undefined
  return cutPayload(typeof value === "string" ? value : JSON.stringify(value), ERROR_CHARACTERS)
}

export function instant(value: unknown, field: string): string {
  if (typeof value !== "string") throw new Refusal("missing_field", field, "is required")
  if (parseInstant(value) === null)
    throw new Refusal("bad_timestamp", field, "must be an RFC 3339 instant with a zone, from 2000 to 2100")
  return value
}

export function optionalInstant(value: unknown, field: string): string | null {
  return value === null || value === undefined || value === "" ? null : instant(value, field)
}
