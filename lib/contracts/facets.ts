import { z } from "zod"
import type { DIMENSIONS } from "@/lib/vocabulary"

/** What runs are narrowed by. The first seven are counted in runs, provider and model in calls: one run makes calls of many models. */
export const FACETS = [
  "status",
  "proof",
  "workflow",
  "environment",
  "release",
  "team",
  "customer",
  "provider",
  "model",
] as const satisfies readonly ("status" | "proof" | (typeof DIMENSIONS)[number])[]
export type FacetName = (typeof FACETS)[number]

const Count = z.number().int().min(0)

export const Facet = z.object({
  name: z.enum(FACETS),
  unit: z.enum(["runs", "calls"]),
  /** The most frequent values and those that are chosen; null = the events carry none. A count of null is not known under this filter. */
  values: z.array(z.object({ value: z.string().nullable(), count: Count.nullable() })),
  /** How many values there are in all, shown or not. */
  value_count: Count,
})
export type Facet = z.infer<typeof Facet>

/** Counts of the filter with the facet's own choice left out. */
export const Facets = z.object({ facets: z.array(Facet) })
export type Facets = z.infer<typeof Facets>
