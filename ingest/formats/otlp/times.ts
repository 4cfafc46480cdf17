import { toIso } from "@/lib/time"

const PER_MS = 1_000_000n
/** Where `Date` ends is far behind what an event may name; validation refuses that. */
const MOST_MS = 8_640_000_000_000_000

/** Nanoseconds since 1970 as RFC 3339, to the last of them. Undefined for 0, which is "not given". */
export function toInstant(nanos: bigint): string | undefined {
  if (nanos === 0n) return undefined
  const ms = Number(nanos / PER_MS)
  if (ms > MOST_MS) return "out of range"
  const iso = toIso(ms)
  const rest = nanos % PER_MS
  return rest === 0n ? iso : `${iso.slice(0, -1)}${rest.toString().padStart(6, "0")}Z`
}
