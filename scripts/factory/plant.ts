import type { NativeEvent } from "@/lib/contracts/events"
import type { PolicyDocument } from "@/lib/contracts/policies"
import { type Money, parseMoney } from "@/lib/money"
import { RunDraft, sha256 } from "@/scripts/seed/draft"
import type { Random } from "@/scripts/seed/random"

/** One line of the plant: a workflow with what its runs are allowed. */
export type Line = { workflow: string; agent: string; steps: readonly string[]; check: string; policy: PolicyDocument }

/** Allowed and priced by what they report; the last has no price and reports none. */
export const MODELS = ["gpt-5-mini", "claude-haiku-4-5"] as const
export const UNPRICED_MODEL = "plant-special-1"
export const FOREIGN_MODEL = "gpt-5-pro"

const NAMES: readonly [workflow: string, agent: string, steps: string][] = [
  ["invoice-extraction", "extractor", "fetch parse validate enrich load summarise"],
  ["ledger-migration", "migrator", "fetch parse compare enrich load report"],
  ["ticket-triage", "triager", "read classify route draft review send"],
  ["contract-review", "reader", "split clause-match score redline review file"],
  ["product-search", "indexer", "crawl chunk embed score publish probe"],
  ["dunning-letters", "writer", "select draft legal-check translate merge post"],
  ["code-upgrade", "upgrader", "plan edit build test review merge"],
  ["quality-report", "reporter", "collect clean join chart narrate publish"],
]

export const LINES: readonly Line[] = NAMES.map(([workflow, agent, names]) => {
  const steps = names.split(" ")
  const check = `${workflow}-check`
  return {
    workflow,
    agent,
    steps,
    check,
    policy: {
      max_cost_run: "2.00",
      max_steps: steps.length + 3,
      max_duration_s: 3_600,
      max_step_duration_s: 900,
      max_retries_per_step: 2,
      loop: { no_progress_n: 4 },
      heartbeat_s: 300,
      steps: steps.map((id, index) => ({ id, after: index === 0 ? [] : [steps[index - 1] as string] })),
      required_verifications: [{ name: check }],
      allowed_models: [...MODELS, UNPRICED_MODEL],
    },
  }
})

/** What goes otherwise than it should; a run without any of it is clean. */
export type Twist = {
  /** The order in which the steps run; one that is left out is skipped. */
  order?: readonly string[]
  /** After that many failed attempts comes the one that counts; `stays` = none succeeds. */
  failures?: { step: string; times: number; stays?: boolean }
  /** Time that passes inside of a step, or between it and the next. */
  slow?: { step: string; inside: boolean; ms: number }
  extraCost?: string
  model?: string
  /** Calls of one tool with the same arguments, in a row. */
  sameCalls?: number
  sameState?: boolean
  verdict?: "passed" | "failed" | "none"
  /** Of the steps, what the output cites. */
  refs?: readonly string[]
  /** The run falls silent in its third step. */
  isSilent?: boolean
}

export type Made = { events: NativeEvent[]; cost: Money }

/** A run of the line from its start to its end, about 30 events; every cost has twelve decimals. */
export function makeRun(line: Line, random: Random, run: string, at: number, twist: Twist = {}): Made {
  const draft = new RunDraft(run, at)
  let cost: Money = 0n
  const call = (name: string, reported: string) => {
    const model = twist.model ?? random.pick(MODELS)
    const isPriced = model !== UNPRICED_MODEL
    if (isPriced) cost += parseMoney(reported)
    draft.span({
      kind: "llm",
      name,
      ms: random.int(400, 4_000),
      provider: "plant",
      model,
      usage: { input: random.int(200, 9_000), output: random.int(20, 900) },
      ...(isPriced ? { cost: reported } : {}),
    })
  }
  const small = () => `0.0${random.int(10_000, 99_999)}${random.int(100_000, 999_999)}`
  draft
    .started({
      workflow: line.workflow,
      agent: line.agent,
      environment: "production",
      release: "1.0.0",
      plan: [...line.steps],
      checks: [line.check],
      tags: { team: `team-${line.agent}` },
    })
    .pass(random.int(50, 500))
  for (const [index, step] of (twist.order ?? line.steps).entries()) {
    const failures = twist.failures?.step === step ? twist.failures.times : 0
    for (let attempt = 1; attempt <= failures + (twist.failures?.stays && failures > 0 ? 0 : 1); attempt++) {
      draft.stepStarted(step, attempt).pass(random.int(20, 300))
      draft.span({
        kind: "tool",
        name: "lookup",
        ms: random.int(5, 90),
        input: { step, attempt, row: random.int(1, 1e6) },
      })
      call(`${step} ${attempt}`, small())
      if (index === 2 && twist.isSilent) return { events: draft.events, cost }
      if (index === 1 && twist.extraCost) call(`${step} again`, twist.extraCost)
      for (let n = 0; index === 1 && n < (twist.sameCalls ?? 0); n++)
        draft.span({ kind: "tool", name: "retry_fetch", ms: 12, input: { page: 7 } })
      if (twist.slow?.step === step && twist.slow.inside) draft.pass(twist.slow.ms)
      if (attempt <= failures) draft.stepFinished("failed", "upstream answered 503").pass(random.int(200, 2_000))
      else {
        draft.stepFinished("succeeded")
        const state = twist.sameState ? sha256("nothing has changed") : sha256(`${run} after ${step}`)
        Object.assign(draft.events.at(-1) as object, { state })
      }
    }
    if (twist.slow?.step === step && !twist.slow.inside) draft.pass(twist.slow.ms)
    draft.pass(random.int(20, 400))
  }
  const output = sha256(`output of ${run}`)
  const verdict = twist.verdict ?? "passed"
  if (verdict !== "none")
    draft.verified(line.check, verdict, output, { score: verdict === "passed" ? 0.98 : 0.41 }).pass(40)
  draft.finished("succeeded", { output: { sha256: output, ...(twist.refs ? { refs: [...twist.refs] } : {}) } })
  return { events: draft.events, cost }
}
