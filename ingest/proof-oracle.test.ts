import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type Proven, proofOf, toLedger } from "./testing-events"
import { brief, FINAL, type Fields, instant, OLDER, PLAN, STEP, VERDICT, VERIFIER } from "./testing-proof"

/** A step's attempt on a time line of whole numbers, each used once. */
type Attempt = { step: string; attempt: number; start: number | null; end: number | null; outcome: keyof typeof STEP }
type Check = {
  check: string
  verdict: keyof typeof VERDICT
  artifact: string | null
  by: "other" | "agent" | "unnamed" | "unhashed"
}
type Plot = {
  plan: string[]
  checks: string[]
  attempts: Attempt[]
  results: Check[]
  outcome: string
  sha: string | null
  refs: string[]
}

/** Said again from the definition, by trying every chain of successes: slow, and nothing of the code under test. */
function oracle({ plan, checks, attempts, results, outcome, sha, refs }: Plot): boolean {
  const ended = attempts
    .filter((a) => a.end !== null)
    .map((a) => ({ ...a, start: a.start ?? (a.end as number), end: a.end as number }))
  const chain = (index: number, after: number): boolean =>
    index === plan.length ||
    ended.some((a) => {
      if (a.step !== plan[index] || a.outcome !== "ok" || a.start <= after) return false
      const before = ended.filter((b) => b.step === plan[index - 1] && b.end < a.start).sort((x, y) => y.end - x.end)
      if (before[0]?.outcome === "failed") return false
      return chain(index + 1, a.end)
    })
  const known = [...plan, ...attempts.map((a) => a.step)]
  return (
    outcome === "succeeded" &&
    checks.length > 0 &&
    sha !== null &&
    chain(0, -1) &&
    refs.every((ref) => !known.includes(ref) || ended.some((a) => a.step === ref && a.outcome === "ok")) &&
    checks.every((check) => {
      const own = results.filter((r) => r.check === check && r.artifact === sha)
      return own.some((r) => r.verdict === "pass" && r.by === "other") && !own.some((r) => r.verdict === "fail")
    })
  )
}

const VERIFIERS = {
  other: VERIFIER,
  agent: { ...VERIFIER, name: "extractor" },
  unhashed: { name: VERIFIER.name },
  unnamed: undefined,
}

/** How the same plot can be told: numbered or by time alone, step events or spans, attempts numbered or not. */
type Telling = { hasSeq: boolean; isSpan: boolean; hasAttempts: boolean; pace: number }

function tell(plot: Plot, { hasSeq, isSpan, hasAttempts, pace }: Telling) {
  const at = (position: number) => instant(Math.floor((100 + position) / pace))
  const seq = (position: number) => (hasSeq ? { seq: 100 + position } : {})
  const events: Fields[] = [
    {
      id: "start",
      type: "run.started",
      run: "r",
      at: instant(0),
      ...seq(-1),
      agent: "extractor",
      plan: plot.plan,
      checks: plot.checks,
    },
    {
      id: "end",
      type: "run.finished",
      run: "r",
      at: at(500),
      ...seq(500),
      outcome: plot.outcome,
      output: { refs: plot.refs, ...(plot.sha ? { sha256: plot.sha } : {}) },
    },
  ]
  plot.attempts.forEach(({ step, attempt, start, end, outcome }, i) => {
    const numbered = hasAttempts ? { attempt } : {}
    // A span tells its outcome by its status alone, and its end in an event of its own.
    const asSpan = isSpan && start !== null && (outcome === "ok" || outcome === "failed")
    const span = {
      type: "span",
      kind: "step",
      name: step,
      span: `step:${step}:${hasAttempts ? attempt : 1}`,
      ...numbered,
    }
    const base = { run: "r", step }
    if (start !== null)
      events.push({
        ...base,
        id: `a${i}s`,
        ...seq(start),
        ...(asSpan ? { ...span, start: at(start) } : { type: "step.started", ...numbered, at: at(start) }),
      })
    if (end !== null)
      events.push({
        ...base,
        id: `a${i}z`,
        ...seq(end),
        ...(asSpan
          ? { ...span, end: at(end), status: outcome === "ok" ? "ok" : "error" }
          : { type: "step.finished", ...numbered, at: at(end), outcome: STEP[outcome] }),
      })
  })
  plot.results.forEach(({ check, verdict, artifact, by }, i) => {
    events.push({
      id: `v${i}`,
      type: "verification",
      run: "r",
      at: at(400 + i),
      ...seq(400 + i),
      check,
      outcome: VERDICT[verdict],
      ...(artifact ? { artifact } : {}),
      ...(VERIFIERS[by] ? { verifier: VERIFIERS[by] } : {}),
    })
  })
  return toLedger(events)
}

const plots: fc.Arbitrary<Plot> = fc
  .record({
    size: fc.integer({ min: 0, max: 5 }),
    /** Faults woven into a run that is otherwise as it should be: most runs have one or none. */
    faults: fc.array(
      fc.record({
        place: fc.nat(5),
        how: fc.constantFrom(
          "fail",
          "fail again",
          "retry",
          "skip",
          "no end",
          "no start",
          "cancel",
          "swap",
          "late success",
          "extra",
        ),
      }),
      { maxLength: 3 },
    ),
    checks: fc.subarray(["c1", "c2"]),
    results: fc.array(
      fc.record({
        check: fc.constantFrom("c1", "c2", "c3"),
        verdict: fc.constantFrom("pass", "pass", "pass", "fail", "error", "skip"),
        artifact: fc.constantFrom(FINAL, FINAL, FINAL, OLDER, null),
        by: fc.constantFrom("other", "other", "other", "agent", "unnamed", "unhashed"),
      }) as fc.Arbitrary<Check>,
      { maxLength: 4 },
    ),
    isPassed: fc.boolean(),
    outcome: fc.constantFrom("succeeded", "succeeded", "succeeded", "succeeded", "failed", "cancelled"),
    sha: fc.constantFrom(FINAL, FINAL, FINAL, FINAL, null),
    refs: fc.subarray(["s1", "s2", "s9"]),
  })
  .map(({ size, faults, isPassed, ...rest }) => {
    const plan = PLAN.slice(0, size)
    const script: { step: string; how: keyof typeof STEP | "no end" | "no start" }[] = plan.map((step) => ({
      step,
      how: "ok",
    }))
    for (const { place, how } of faults) {
      const line = script[place % Math.max(1, script.length)]
      const index = script.indexOf(line as (typeof script)[number])
      if (how === "extra" || !line) script.push({ step: "s9", how: "ok" })
      else if (how === "fail") line.how = "failed"
      else if (how === "fail again") script.splice(index + 1, 0, { step: line.step, how: "failed" })
      else if (how === "retry") script.splice(index, 0, { step: line.step, how: "failed" })
      else if (how === "skip") script.splice(index, 1)
      else if (how === "cancel") line.how = "cancelled"
      else if (how === "swap") script.push(...script.splice(index, 1))
      else if (how === "late success") script.push({ step: line.step, how: "ok" })
      else line.how = how
    }
    let clock = 0
    const counts = new Map<string, number>()
    const attempts = script.map(({ step, how }): Attempt => {
      const attempt = (counts.get(step) ?? 0) + 1
      counts.set(step, attempt)
      const start = clock++
      const end = clock++
      return {
        step,
        attempt,
        start: how === "no start" ? null : start,
        end: how === "no end" ? null : end,
        outcome: how in STEP ? (how as keyof typeof STEP) : "ok",
      }
    })
    const results = isPassed
      ? [
          ...rest.results.filter((r) => r.verdict !== "fail"),
          ...rest.checks.map((check): Check => ({ check, verdict: "pass", artifact: FINAL, by: "other" })),
        ]
      : rest.results
    return { ...rest, plan, attempts, results }
  })

/** Any times at all: attempts of all steps across each other. Attempts have numbers, for nothing else tells them apart. */
const tangles: fc.Arbitrary<Plot> = plots.chain((plot) =>
  fc
    .tuple(
      fc.array(
        fc.record({
          step: fc.constantFrom(...plot.plan, "s9"),
          outcome: fc.constantFrom<keyof typeof STEP>("ok", "ok", "ok", "failed", "skipped"),
          isOpen: fc.integer({ min: 0, max: 5 }),
        }),
        { maxLength: 8 },
      ),
      fc.shuffledSubarray(
        Array.from({ length: 40 }, (_, i) => i),
        { minLength: 40 },
      ),
    )
    .map(([items, positions]) => ({
      ...plot,
      attempts: items.map(({ step, outcome, isOpen }, i): Attempt => {
        const [a, b] = [positions[2 * i] as number, positions[2 * i + 1] as number]
        return { step, outcome, attempt: i + 1, start: Math.min(a, b), end: isOpen === 0 ? null : Math.max(a, b) }
      }),
    })),
)

const WITHOUT_SUCCESS = ["step_missing", "step_unfinished", "step_failed", "step_cancelled", "step_skipped"]

function judge(plot: Plot, events: ReturnType<typeof toLedger>): Proven {
  const proven = proofOf(events)
  expect(proven.proof === "verified", JSON.stringify(brief(proven))).toBe(oracle(plot))
  if (plot.outcome !== "succeeded") return proven
  expect(proven.proof === "verified" || proven.proof === "unchecked").toBe(proven.reasons.length === 0)
  for (const step of plot.plan) {
    const succeeded = plot.attempts.some((a) => a.step === step && a.outcome === "ok" && a.end !== null)
    const named = proven.reasons.filter((r) => r.step === step && WITHOUT_SUCCESS.includes(r.code))
    expect(named.length, `${step} of ${JSON.stringify(brief(proven))}`).toBe(succeeded ? 0 : 1)
  }
  return proven
}

describe("proof against an oracle", () => {
  const telling = fc.record({
    hasSeq: fc.boolean(),
    isSpan: fc.boolean(),
    hasAttempts: fc.boolean(),
    pace: fc.constant(1),
  })

  test("verified exactly when the definition says so; every step without success is named; any order of arrival gives the same", () => {
    let verified = 0
    fc.assert(
      fc.property(plots, telling, fc.infiniteStream(fc.nat()), (plot, how, noise) => {
        // Without numbers an end whose start is missing closes whatever was open: that is another plot.
        const isClear = how.hasAttempts || !plot.attempts.some((a) => a.start === null || a.end === null)
        const events = tell(plot, isClear ? how : { ...how, hasAttempts: true })
        const proven = judge(plot, events)
        if (proven.proof === "verified") verified++
        const shuffled = events.map((event) => ({ event, key: noise.next().value })).sort((a, b) => a.key - b.key)
        expect(proofOf(shuffled.map(({ event }) => event))).toEqual(proven)
      }),
      // About one plot in eleven is verified.
      { numRuns: 3_000 },
    )
    // A property that nothing satisfies proves nothing.
    expect(verified).toBeGreaterThan(200)
  })

  test("steps across each other in time are judged as the definition says", () => {
    fc.assert(
      fc.property(tangles, telling, (plot, how) => {
        judge(plot, tell(plot, { ...how, hasAttempts: true }))
      }),
      { numRuns: 1_000 },
    )
  })

  test("at equal instants without numbers the order of arrival still decides nothing", () => {
    const rough = fc.record({
      hasSeq: fc.constant(false),
      isSpan: fc.boolean(),
      hasAttempts: fc.boolean(),
      pace: fc.constantFrom(2, 3, 5, 1000),
    })
    fc.assert(
      fc.property(fc.oneof(plots, tangles), rough, fc.infiniteStream(fc.nat()), (plot, how, noise) => {
        const events = tell(plot, how)
        const shuffled = events.map((event) => ({ event, key: noise.next().value })).sort((a, b) => a.key - b.key)
        expect(proofOf(shuffled.map(({ event }) => event))).toEqual(proofOf(events))
      }),
      { numRuns: 1_000 },
    )
  })
})
