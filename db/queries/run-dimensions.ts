import type { Dimension } from "@/lib/vocabulary"

/** What a run is booked under, and with it its verifications; the rest of the dimensions belong to its spans. */
export const RUN_DIMENSIONS = [
  "workflow",
  "environment",
  "release",
  "team",
  "customer",
] as const satisfies readonly Dimension[]
export const SPAN_DIMENSIONS = ["provider", "model", "step", "key"] as const satisfies readonly Dimension[]
