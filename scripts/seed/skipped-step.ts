import type { NativeEvent } from "@/lib/contracts/events"
import { DAY_MS } from "@/lib/time"
import { RunDraft, sha256 } from "./draft"
import { DEMO_PROJECT, type Scenario } from "./scenario"

/** What the run below has spent in all. */
export const STORY_COST = "54"
export const STORY_PLAN = ["fetch", "parse", "validate", "enrich", "load", "summarise"]

/**
 * The failure that Andon exists to catch: a six-step agent fails at step three, skips to step five and writes a polished summary citing a step that
 * never ran. Its own check passes on that very summary, and it claims success; only the plan tells.
 *
 * 24 calls of claude-opus-4-1 ($15 and $75 a million tokens): 2,400,000 input and 240,000 output tokens in all, so $36 + $18 = $54 exactly.
 * @param startedAt milliseconds of UTC
 */
export function skippedStepStory(run: string, startedAt: number): NativeEvent[] {
  const draft = new RunDraft(run, startedAt)
  const summary = sha256(`polished summary of ${run}`)
  let calls = 0
  const call = (name: string, error?: string) => {
    // Uneven, as real calls are; every pair of calls adds up to 200,000 and 20,000 tokens.
    const sign = calls % 2 === 0 ? 1 : -1
    const pair = Math.floor(calls / 2)
    calls++
    draft.span({
      kind: "llm",
      name,
      ms: 41_000 + pair * 1_700,
      provider: "anthropic",
      model: "claude-opus-4-1",
      usage: { input: 100_000 + sign * (1_217 + pair * 631), output: 10_000 + sign * (311 + pair * 97) },
      ...(error === undefined ? {} : { error }),
      input: `${name}: ledger export, part ${calls}`,
      output: error ?? `part ${calls} done`,
    })
  }
  const calling = (step: string, count: number, name: string) => {
    draft.stepStarted(step).pass(400)
    for (let i = 0; i < count; i++) call(name)
  }

  draft
    .started({
      workflow: "ledger-migration",
      agent: "migrator",
      environment: "production",
      release: "1.4.0",
      plan: STORY_PLAN,
      checks: ["summary_complete"],
      tags: { team: "finance-platform", customer: "acme" },
    })
    .pass(900)
  calling("fetch", 4, "list ledger exports")
  draft.stepFinished("succeeded").pass(300)
  calling("parse", 5, "parse ledger lines")
  draft.stepFinished("succeeded").pass(300)
  calling("validate", 4, "compare totals")
  call("compare totals", "control totals differ by 118,204.77")
  draft.stepFinished("failed", "control totals differ by 118,204.77").pass(500)
  calling("load", 6, "write postings")
  draft.stepFinished("succeeded").pass(300)
  calling("summarise", 4, "write summary")
  draft.stepFinished("succeeded").pass(200)
  draft.verified("summary_complete", "passed", summary, {
    score: 0.97,
    threshold: 0.9,
    evidence: "All six sections present; the section on enrichment cites its 1,204 matched counterparties.",
  })
  draft.pass(200).finished("succeeded", {
    output: { sha256: summary, refs: ["fetch", "parse", "validate", "enrich", "load"] },
  })
  return draft.events
}

/** Three days ago, as nobody noticed. */
export const skippedStep: Scenario = {
  title: "Success claimed over a skipped step: $54 gone, and the plan tells",
  project: DEMO_PROJECT,
  expectedEvents: () => 40,
  deliveries: function* ({ until }) {
    const events = skippedStepStory("ledger-migration-54", until - 3 * DAY_MS)
    yield { receivedAt: until - 3 * DAY_MS + 3_600_000, events }
  },
}
