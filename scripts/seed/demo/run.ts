import { formatMoney } from "@/lib/money"
import type { Usage } from "@/lib/vocabulary"
import { RunDraft, sha256 } from "../draft"
import type { Random } from "../random"
import { type Call, CUSTOMERS, ENVIRONMENTS, MODELS, type Release, type Step, type Workflow } from "./catalog"

/** How a run goes, per mille; what is left succeeds. */
const FATES = [
  { fate: "good", weight: 868 },
  { fate: "check_failed", weight: 32 },
  { fate: "step_failed", weight: 34 },
  { fate: "halted", weight: 18 },
  { fate: "check_missing", weight: 10 },
  { fate: "stale_artifact", weight: 8 },
  { fate: "skipped_step", weight: 10 },
  { fate: "check_broke", weight: 6 },
  { fate: "cancelled", weight: 8 },
  { fate: "no_end", weight: 3 },
  { fate: "later_pass", weight: 3 },
] as const
type Fate = (typeof FATES)[number]["fate"]

const ERRORS = [
  "upstream answered 503",
  "field 'amount' is missing",
  "document is encrypted",
  "tool timed out after 30 s",
] as const
const HALTS = [
  { by: "agent", reason: "schema mismatch: expected 14 columns, found 11", rule: undefined },
  { by: "agent", reason: "source document changed while it was read", rule: undefined },
  { by: "andon", reason: "step tried 4 times, limit 3", rule: "step_attempts" },
  { by: "andon", reason: "tokens per call 3.1 times the usual", rule: "tokens_per_call" },
] as const

/** The whole story of one demo run, from its start at `startedAt`. */
export function demoRun(
  random: Random,
  workflow: Workflow,
  release: Release,
  run: string,
  startedAt: number,
): RunDraft {
  const draft = new RunDraft(run, startedAt)
  const customer = workflow.hasCustomers ? random.weighted(CUSTOMERS).name : undefined
  draft.started({
    workflow: workflow.name,
    agent: workflow.agent,
    environment: random.weighted(ENVIRONMENTS).name,
    release: release.version,
    plan: workflow.steps.map((step) => step.name),
    checks: [...workflow.checks],
    tags: { team: workflow.team, ...(customer ? { customer } : {}) },
  })
  const fate = fateOf(random, workflow, release)
  const waste = workflow.waste && random.chance(12) ? workflow.waste : undefined
  const breaksAt = random.int(0, workflow.steps.length - 1)
  const refs: string[] = []
  for (const [index, step] of workflow.steps.entries()) {
    draft.pass(random.int(40, 600))
    if (fate === "skipped_step" && index === breaksAt && workflow.steps.length > 1) {
      refs.push(step.name)
      continue
    }
    const breaks = index === breaksAt
    const ended = playStep(draft, random, workflow, release, step, {
      fate: breaks ? fate : "good",
      waste: breaks ? waste : undefined,
    })
    if (ended) return draft
    refs.push(step.name)
  }
  finish(draft, random, workflow, fate, refs)
  return draft
}

function fateOf(random: Random, workflow: Workflow, release: Release): Fate {
  if (release.regression && workflow.checks.length > 0 && random.chance(160)) return "check_failed"
  const { fate } = random.weighted(FATES)
  const needsCheck = fate.startsWith("check") || fate === "stale_artifact" || fate === "later_pass"
  return needsCheck && workflow.checks.length === 0 ? "good" : fate
}

type Play = { fate: Fate; waste: Workflow["waste"] }

/** @returns true when the run ends here. */
function playStep(
  draft: RunDraft,
  random: Random,
  workflow: Workflow,
  release: Release,
  step: Step,
  play: Play,
): boolean {
  draft.stepStarted(step.name)
  const ctx = { draft, random, workflow, release }
  if (play.waste === "retry_storm") stormOf(ctx, step)
  if (play.waste === "loop") loopOf(ctx)
  for (const call of step.calls) {
    const times = call.times ? random.int(call.times[0], call.times[1]) : 1
    for (let i = 0; i < times; i++) makeCall(ctx, call, { oversized: play.waste === "oversized_prompt" })
  }
  if (play.fate === "no_end") return true
  if (play.fate === "halted") {
    const halt = random.pick(HALTS)
    draft.pass(random.int(50, 400)).halted(halt.by, halt.reason, halt.rule)
    draft.stepFinished("cancelled")
    return true
  }
  if (play.fate === "step_failed" || play.fate === "cancelled") {
    const error = play.fate === "cancelled" ? "cancelled by the caller" : random.pick(ERRORS)
    draft.stepFinished(play.fate === "cancelled" ? "cancelled" : "failed", error)
    draft.pass(random.int(50, 500)).finished(play.fate === "cancelled" ? "cancelled" : "failed", { error })
    return true
  }
  draft.stepFinished("succeeded")
  return false
}

type Context = { draft: RunDraft; random: Random; workflow: Workflow; release: Release }

function makeCall(
  { draft, random, workflow, release }: Context,
  call: Call,
  how: { oversized?: boolean; error?: string } = {},
): void {
  const ms = random.int(call.ms[0], call.ms[1])
  const kind = call.kind ?? "tool"
  const failed = how.error === undefined ? {} : { error: how.error }
  if (!call.model) {
    draft.span({ kind, name: call.name, ms, input: `${call.name} ${random.int(1_000, 9_999)}`, ...failed })
    return
  }
  const usage: Partial<Usage> = {}
  for (const [bucket, [low, high]] of Object.entries(call.usage ?? {}) as [keyof Usage, readonly [number, number]][]) {
    let tokens = random.int(low, high)
    // 4.0.0 and its like send more of the same.
    if (release.regression && bucket === "input") tokens = Math.floor((tokens * 19) / 10)
    usage[bucket] = tokens
  }
  if (release.cacheLost && usage.cache_read) {
    usage.input = (usage.input ?? 0) + usage.cache_read
    usage.cache_read = 0
  }
  if (how.oversized) usage.input = (usage.input ?? 0) + random.int(150_000, 190_000)
  const { provider, model } = MODELS[call.model]
  draft.span({
    kind,
    name: call.name,
    ms,
    provider,
    model,
    usage,
    ...(workflow.reportsCost ? { cost: reportedCost(usage) } : {}),
    ...(kind === "llm"
      ? {
          input: `${call.name}: ${workflow.name} of ${draft.run}, ${usage.input ?? 0} tokens of context`,
          output: how.error ?? `${call.name} done for ${draft.run}`,
        }
      : {}),
    ...failed,
  })
}

/** What the agent's own meter said for its Opus calls: list price in whole millionths of a dollar, so a little off ours. */
function reportedCost(usage: Partial<Usage>): string {
  const millionths = (usage.input ?? 0) * 5 + Math.floor((usage.cache_read ?? 0) / 2) + (usage.output ?? 0) * 25
  return formatMoney(BigInt(millionths) * 10n ** 18n)
}

/** The same call again and again, each attempt paid for, until it goes through. */
function stormOf(ctx: Context, step: Step): void {
  const call = step.calls.find((candidate) => candidate.model)
  if (!call) return
  const attempts = ctx.random.int(10, 26)
  for (let i = 0; i < attempts; i++) makeCall(ctx, call, { error: "schema mismatch: field 'citations' is required" })
}

/** The same tool with the same arguments, and a model call that decides to try it once more. */
function loopOf({ draft, random }: Context): void {
  const turns = random.int(14, 34)
  const batch = random.int(100, 999)
  for (let i = 0; i < turns; i++) {
    draft.span({
      kind: "tool",
      name: "copy_batch",
      ms: random.int(400, 900),
      input: { batch },
      output: "0 rows copied",
    })
    draft.span({
      kind: "llm",
      name: "decide next",
      ms: random.int(700, 1_500),
      ...MODELS.haiku,
      usage: { input: 2_600 + i * 310, output: 40 },
      output: "retry",
    })
  }
}

function finish(draft: RunDraft, random: Random, workflow: Workflow, fate: Fate, refs: string[]): void {
  const output = sha256(`output of ${draft.run}`)
  const failing = random.int(0, Math.max(0, workflow.checks.length - 1))
  for (const [index, check] of workflow.checks.entries()) {
    draft.pass(random.int(30, 400))
    const own = index === failing ? fate : "good"
    if (own === "check_missing" || own === "later_pass") continue
    if (own === "check_broke") {
      draft.verified(check, "error", output, { evidence: "verifier exited with 137" })
      continue
    }
    if (own === "check_failed") {
      const score = random.int(20, 88) / 100
      draft.verified(check, "failed", output, { score, threshold: 0.9, evidence: `${random.int(2, 40)} rows differ` })
      continue
    }
    const artifact = own === "stale_artifact" ? sha256(`earlier output of ${draft.run}`) : output
    draft.verified(check, "passed", artifact, { score: random.int(91, 100) / 100, threshold: 0.9 })
  }
  draft.pass(random.int(20, 200)).finished("succeeded", { output: { sha256: output, refs } })
  const missing = fate === "later_pass" ? workflow.checks[failing] : undefined
  if (missing) draft.pass(1_800_000).verified(missing, "passed", output, { score: 0.95, threshold: 0.9 })
}
