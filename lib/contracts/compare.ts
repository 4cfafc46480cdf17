import { z } from "zod"
import { Run, Tokens } from "@/lib/contracts/read"

const Money = z.string().regex(/^-?\d+(\.\d+)?$/)
const Count = z.number().int().min(0)

/** Sums over counted calls. `cost` is null when calls ran and none has a price. */
const Figures = z.object({
  cost: Money.nullable(),
  calls: Count,
  unpriced_calls: Count,
  tokens: Tokens,
})

export const ComparedStep = Figures.extend({
  /** Null = what ran outside of any step. */
  step: z.string().nullable(),
  state: z.string().nullable(),
  is_declared: z.boolean(),
  attempts: Count,
  /** Sum over its attempts that have ended; null when none has. */
  milliseconds: Count.nullable(),
  errors: Count,
})
export type ComparedStep = z.infer<typeof ComparedStep>

export const ComparedModel = Figures.extend({ provider: z.string().nullable(), model: z.string().nullable() })
export type ComparedModel = z.infer<typeof ComparedModel>

/** The latest verdict of each check; a check that is required and has not reported has none. */
export const ComparedCheck = z.object({
  check: z.string(),
  is_required: z.boolean(),
  outcome: z.string().nullable(),
  score: z.string().nullable(),
  results: Count,
})
export type ComparedCheck = z.infer<typeof ComparedCheck>

/** One side: the run without its lists, and what its calls sum to by step and by model. */
export const ComparedRun = z.object({
  run: Run.omit({ plan: true, verification_list: true }),
  steps: z.array(ComparedStep),
  models: z.array(ComparedModel),
  checks: z.array(ComparedCheck),
})
export type ComparedRun = z.infer<typeof ComparedRun>

/** Null where there is no such run. */
export const Comparison = z.object({ a: ComparedRun.nullable(), b: ComparedRun.nullable() })
export type Comparison = z.infer<typeof Comparison>
