import { z } from "zod"
import { list, PlanStep, RunRow, SpanEvent } from "@/lib/contracts/read"

export const SpanEventList = list(SpanEvent)
export type SpanEventList = z.infer<typeof SpanEventList>

/** What a run is held against: the last verified run of its workflow that started before it, with its plan. */
export const Baseline = z.object({
  /** Null when none was found, or the run has no workflow. */
  run: RunRow.nullable(),
  plan: z.array(PlanStep),
  /** How many earlier runs of the workflow were looked at, newest first; `is_whole`: there are no more. */
  looked_at: z.number().int().min(0),
  is_whole: z.boolean(),
})
export type Baseline = z.infer<typeof Baseline>
