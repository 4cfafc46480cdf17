import { z } from "zod"
import { GRAINS, Range, VerificationRow } from "@/lib/contracts/read"
import { VERDICTS } from "@/lib/vocabulary"

/** Answers about verifications. Counts are integers, instants ISO 8601 with `Z`, absent is null. */
const Instant = z.iso.datetime()
const Count = z.number().int().min(0)

/** How many results of each kind. `error` and `skipped` gave no verdict on the work: a share is `passed` of `passed + failed`. */
export const VerdictCounts = z.object({ passed: Count, failed: Count, error: Count, skipped: Count })
export type VerdictCounts = z.infer<typeof VerdictCounts>

/** What results are split by. A result has one of each, but as many models as its run called. */
const VERIFICATION_SPLITS = ["check", "workflow", "release", "model", "environment", "team", "customer"] as const
export type VerificationSplit = (typeof VERIFICATION_SPLITS)[number]

export const VerificationGroup = VerdictCounts.extend({
  /** Null = the runs carry none; for "other" too. */
  name: z.string().nullable(),
  /** All groups past the cap, summed. */
  is_other: z.boolean(),
  /** Per bucket; empty for the groups that are not drawn. */
  series: z.array(VerdictCounts),
})
export type VerificationGroup = z.infer<typeof VerificationGroup>

/** Outcomes over time, split one way; a bucket without verifications has zeros and no share. */
export const VerificationSeries = z.object({
  range: Range,
  tz: z.string(),
  grain: z.enum(GRAINS),
  by: z.enum(VERIFICATION_SPLITS),
  buckets: z.array(Instant),
  total: VerdictCounts,
  /** Those with most failures first. The counts of the groups sum to `total`, except by model: a run may have called several. */
  groups: z.array(VerificationGroup),
  group_count: Count,
  /** By model: only what lies at or after `since` was looked into, `read` of `of` verifications; null when the whole range was. */
  part: z.object({ since: Instant, read: Count, of: Count }).nullable(),
})
export type VerificationSeries = z.infer<typeof VerificationSeries>

/** Results that tell of the same thing: one outcome, check and step, and evidence that differs only in numbers, ids, paths and the like. */
export const FailureGroup = z.object({
  fingerprint: z.string(),
  outcome: z.enum(VERDICTS),
  check: z.string(),
  step: z.string().nullable(),
  /** Of the newest, cut at 500 characters; null without evidence, or when the reader may not see payload. */
  evidence: z.string().nullable(),
  count: Count,
  first_at: Instant,
  last_at: Instant,
  /** Up to five names, null = none, and how many there are. */
  workflows: z.array(z.string().nullable()),
  workflow_count: Count,
  releases: z.array(z.string().nullable()),
  release_count: Count,
  newest: z.object({ id: z.string(), run: z.string() }),
})
export type FailureGroup = z.infer<typeof FailureGroup>

export const FailureGroups = z.object({
  range: Range,
  /** Most frequent first, capped at 50 an outcome. */
  groups: z.array(FailureGroup),
  group_count: Count,
  /** The newest `read` of `of` results were grouped. */
  read: Count,
  of: Count,
})
export type FailureGroups = z.infer<typeof FailureGroups>

/** One release of a workflow as one check saw it, in the range. */
export const ReleaseResult = VerdictCounts.extend({
  release: z.string().nullable(),
  first_at: Instant,
})
export type ReleaseResult = z.infer<typeof ReleaseResult>

export const ReleaseDrop = z.object({
  from: z.string(),
  to: z.string(),
  /** How far the share fell, in percentage points, and the 95 % interval of that. */
  points: z.number(),
  low: z.number(),
  high: z.number(),
  /** The first result of the release in the range, and its run. */
  at: Instant,
  run: z.string(),
})
export type ReleaseDrop = z.infer<typeof ReleaseDrop>

export const ReleaseHistory = z.object({
  check: z.string(),
  workflow: z.string().nullable(),
  /** In order of their first result in the range. */
  releases: z.array(ReleaseResult),
  /** The worst fall that is more than chance; null when there is none. */
  drop: ReleaseDrop.nullable(),
})
export type ReleaseHistory = z.infer<typeof ReleaseHistory>

export const ReleaseHistories = z.object({
  range: Range,
  /** With a fall first, the deepest on top; then those with most failures. Only where at least two releases have results. */
  items: z.array(ReleaseHistory),
  history_count: Count,
  /** Changes of release with enough results on both sides to be compared. */
  compared: Count,
  /** The rows were too many and those with fewest failures were left out. */
  is_cut: z.boolean(),
})
export type ReleaseHistories = z.infer<typeof ReleaseHistories>

export const VerificationDetail = VerificationRow.extend({
  output_sha256: z.string().nullable(),
  /** Whether the run (or its workflow) demands this check. */
  is_required: z.boolean(),
  /** False when only the first 2,000 characters of the evidence are left: the event is gone. */
  is_evidence_whole: z.boolean(),
  /** The span of its step, the one that was running or came last before it. */
  span: z.string().nullable(),
})
export type VerificationDetail = z.infer<typeof VerificationDetail>
