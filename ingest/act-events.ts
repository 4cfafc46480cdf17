import type { NativeEvent } from "@/lib/contracts/events"
import type { Entry, LedgerEvent, Repriced } from "./event"

/** What a mapping concludes about a span from what its source sent; absent = it says nothing. */
export const MAPPED = [
  ...([
    "kind",
    "name",
    "status",
    "error",
    "provider",
    "model",
    "response_model",
    "service_tier",
    "usage",
    "cost",
  ] as const),
  ...(["workflow", "environment", "release", "tags"] as const),
] as const
export type MappedField = (typeof MAPPED)[number]
export type Mapping = Partial<Pick<Extract<NativeEvent, { type: "span" }>, MappedField>>
/** By the id of an event: what holds instead of what its own body concludes. */
export type Mappings = { remapping: number; events: Record<string, Mapping> }

/**
 * Also of the ledger's own making: what was sent was read anew by a mended mapping. It holds all that differs from the bodies of the span's own
 * events, so that the newest alone counts, and that an undoing says what held before.
 */
export type Remapped = {
  type: "remapped"
  id: string
  seq?: undefined
  at: string
  span: string
  run?: string
  remapping: number
  isUndo?: true
  /** Null: the bodies hold. */
  mappings: Mappings | null
  before: { mappings: Mappings | null; entry: Entry }
  since: string
}
/** A person's act upon a span that is there; it follows the span's own events in every order. */
export type ActEvent = Repriced | Remapped
const ACT_TYPES = ["repriced", "remapped"] as const satisfies ActEvent["type"][]
export const isAct = (event: LedgerEvent["event"]): event is ActEvent =>
  event.type === "repriced" || event.type === "remapped"
export const ACTS_IN_SQL = `(${ACT_TYPES.map((type) => `'${type}'`).join(", ")})`
