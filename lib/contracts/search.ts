import { z } from "zod"
import { DIMENSIONS, HOLDS, PROOFS, RUN_STATUSES } from "@/lib/vocabulary"

/** What the search of the frame answers with: few and best, never a page of a list. */
export const SearchRun = z.object({
  id: z.string(),
  workflow: z.string().nullable(),
  status: z.enum(RUN_STATUSES),
  proof: z.enum(PROOFS),
  hold: z.enum(HOLDS).nullable(),
  started_at: z.iso.datetime(),
})
export const SearchName = z.object({ dimension: z.enum(DIMENSIONS), name: z.string() })
export const Search = z.object({
  /** What was looked for, cut and trimmed. */
  q: z.string(),
  /** Runs whose id begins with it, newest first. */
  runs: z.array(SearchRun),
  /** Names that hold it, best first within their dimension. */
  names: z.array(SearchName),
})
export type Search = z.infer<typeof Search>
export type SearchRun = z.infer<typeof SearchRun>
export type SearchName = z.infer<typeof SearchName>
