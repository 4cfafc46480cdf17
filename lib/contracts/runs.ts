import { z } from "zod"
import { RunList } from "@/lib/contracts/read"

/** In what a search found a run, in the order in which it looked. */
const MATCH_KINDS = [
  "id",
  "workflow",
  "environment",
  "release",
  "team",
  "customer",
  "provider",
  "model",
  "tag",
  "error",
  "halt",
] as const
export type MatchKind = (typeof MATCH_KINDS)[number]

const Count = z.number().int().min(0)

export const RunSearch = z.object({
  /** What each run of this page was found by; `text` is the part that holds it, null where the row shows it. */
  matches: z.array(z.object({ run: z.string(), kind: z.enum(MATCH_KINDS), text: z.string().nullable() })),
  /** Kinds with more runs than a search keeps: of these the newest are here. */
  capped: z.array(z.enum(MATCH_KINDS)),
  kept: Count,
  /** How many of the newest tagged runs and of the newest errors of the range a search reads at most. */
  tags_read: Count,
  errors_read: Count,
})
export type RunSearch = z.infer<typeof RunSearch>

/** A page of runs with the way on and the way back. */
export const RunPage = RunList.extend({
  previous_cursor: z.string().nullable(),
  /** Null without a search. */
  search: RunSearch.nullable(),
  /** Null unless a ranking looked at the newest only: of so many. */
  ranked: z.object({ among: Count, of: Count }).nullable(),
  /** True when the page ended because it had looked into as many runs as one page may; `next_cursor` looks on. */
  is_unfinished: z.boolean(),
})
export type RunPage = z.infer<typeof RunPage>
