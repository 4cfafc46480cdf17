import { describe, expect, test } from "vitest"
import { proofOf, toLedger } from "./testing-events"
import { brief, FINAL, type Fields, instant, OLDER, PLAN, STEP, VERDICT, VERIFIER } from "./testing-proof"

type Told = { plan?: string[]; checks?: string[]; finish?: Fields; start?: Fields }
/** One line of a run's story: a step with how it went, or a check with its verdict. */
type Line =
  | [step: string, outcome: "ok" | "failed" | "skipped" | "cancelled" | "started", more?: Fields]
  | [check: string, verdict: "pass" | "fail" | "error" | "skip", more?: Fields]

/** The events of one run, numbered as they happen. */
function story(lines: readonly Line[], { plan = PLAN, checks = ["row_count_check"], finish, start }: Told = {}) {
  const events: Fields[] = []
  const tell = (event: Fields) => {
    const seq = events.length
    events.push({ id: `r:${String(seq).padStart(3, "0")}`, run: "r", seq, at: instant(seq), ...event })
  }
  tell({ type: "run.started", agent: "extractor", plan, checks, ...start })
  for (const [name, how, more] of lines) {
    if (how in VERDICT) {
      const outcome = VERDICT[how as keyof typeof VERDICT]
      tell({ type: "verification", check: name, outcome, artifact: FINAL, verifier: VERIFIER, ...more })
      continue
    }
    tell({ type: "step.started", step: name, ...more })
    if (how !== "started") tell({ type: "step.finished", step: name, outcome: STEP[how as keyof typeof STEP], ...more })
  }
  tell({ type: "run.finished", outcome: "succeeded", output: { sha256: FINAL }, ...finish })
  return toLedger(events)
}

const all = (...steps: string[]): Line[] => steps.map((step): Line => [step, "ok"])

describe("V19 step order", () => {
  const skipped: Line[] = [...all("s1", "s2"), ["s3", "failed"], ...all("s5", "s6")]
  const expected = [
    "unproven",
    "step_failed s3",
    "ran_after_failure s5",
    "step_missing s4",
    "check_missing row_count_check",
  ]

  test("fails at 3, jumps to 5, claims done: unproven, with what is missing by name", () => {
    expect(brief(proofOf(story(skipped)))).toEqual(expected)
  })

  test("a retry that succeeds before the next step starts is proven", () => {
    const lines: Line[] = [
      ...all("s1", "s2"),
      ["s3", "failed"],
      ...all("s3", "s4", "s5", "s6"),
      ["row_count_check", "pass"],
    ]
    expect(brief(proofOf(story(lines)))).toEqual(["verified"])
    const numbered = lines.map(([name, how]): Line => [name, how as "ok", { attempt: how === "failed" ? 1 : 2 }])
    expect(brief(proofOf(story(numbered)))).toEqual(["verified"])
  })

  test("all steps, proof failed", () => {
    expect(brief(proofOf(story([...all(...PLAN), ["row_count_check", "fail"]])))).toEqual([
      "failed",
      "check_failed row_count_check",
    ])
  })

  test("the first story told in reverse is the same story", () => {
    expect(brief(proofOf(story(skipped).reverse()))).toEqual(expected)
  })
})

describe("each reason is given when it holds, and alone", () => {
  const pass: Line = ["c", "pass"]
  const one = { plan: ["s1"], checks: ["c"] }
  const two = { plan: ["s1", "s2"], checks: ["c"] }
  test.each<[string, Line[], Told]>([
    ["step_missing s2", [...all("s1"), pass], two],
    ["step_unfinished s2", [...all("s1"), ["s2", "started"], pass], two],
    ["step_failed s2", [...all("s1"), ["s2", "failed"], pass], two],
    ["step_cancelled s2", [...all("s1"), ["s2", "cancelled"], pass], two],
    ["step_skipped s2", [...all("s1"), ["s2", "skipped"], pass], two],
    ["step_out_of_order s2", [...all("s2", "s1"), pass], two],
    ["ran_after_failure s2", [["s1", "failed"], ...all("s2", "s1"), pass], two],
    [
      "cites_unrun_step s2",
      [...all("s1"), ["s2", "failed"], pass],
      { ...one, finish: { output: { sha256: FINAL, refs: ["s2"] } } },
    ],
    ["no_output_hash", [...all("s1"), pass], { ...one, finish: { output: {} } }],
    ["check_missing c", all("s1"), one],
    ["check_by_agent c", [...all("s1"), ["c", "pass", { verifier: { ...VERIFIER, name: "extractor" } }]], one],
    ["check_unattributed c", [...all("s1"), ["c", "pass", { verifier: undefined }]], one],
    ["check_unattributed c", [...all("s1"), ["c", "pass", { verifier: { name: "row_count.sh" } }]], one],
    ["check_broke c", [...all("s1"), ["c", "error"]], one],
    ["check_skipped c", [...all("s1"), ["c", "skip"]], one],
    ["check_stale c", [...all("s1"), ["c", "pass", { artifact: OLDER }]], one],
    ["check_stale c", [...all("s1"), ["c", "pass", { artifact: undefined }]], one],
  ])("%s", (reason, lines, told) => {
    const [proof, ...reasons] = brief(proofOf(story(lines, told)))
    expect(proof).toBe("unproven")
    // Without a hash of the output no check can be tied to it, which is said of each check beside the cause.
    expect(reasons).toEqual(reason === "no_output_hash" ? [reason, "check_untied c"] : [reason])
  })

  test("check_failed: one failure on the final output is not taken back by a later pass on the same", () => {
    const lines: Line[] = [...all("s1"), ["c", "fail"], pass]
    expect(brief(proofOf(story(lines, one)))).toEqual(["failed", "check_failed c"])
  })

  test("a failure on an older output is taken back by a pass on the final one", () => {
    const lines: Line[] = [["c", "fail", { artifact: OLDER }], ...all("s1"), pass]
    expect(brief(proofOf(story(lines, one)))).toEqual(["verified"])
  })

  test("a check that broke once proves nothing, and hinders no pass", () => {
    expect(brief(proofOf(story([...all("s1"), ["c", "error"], pass], one)))).toEqual(["verified"])
  })

  test("run_failed: whatever the steps and checks say", () => {
    const told = { ...one, finish: { outcome: "failed", error: "no rows" } }
    expect(brief(proofOf(story([...all("s1"), pass], told)))).toEqual(["failed", "run_failed"])
  })

  test("a success after which the step failed again does not carry the next step", () => {
    const lines: Line[] = [["s1", "ok"], ["s1", "failed"], ["s2", "ok"], pass]
    expect(brief(proofOf(story(lines, two)))).toEqual(["unproven", "ran_after_failure s2"])
    expect(brief(proofOf(story([...lines, ...all("s1", "s2")], two)))).toEqual(["verified"])
  })

  test("of two attempts at once the one that ended first lets the next step begin", () => {
    const at = (seq: number, type: string, step: string, attempt: number): Fields => ({
      id: `p:${seq}`,
      run: "r",
      seq,
      at: instant(seq),
      type,
      step,
      attempt,
      ...(type === "step.finished" ? { outcome: "succeeded" } : {}),
    })
    const events = story([pass], two).concat(
      toLedger([
        at(10, "step.started", "s1", 1),
        at(11, "step.started", "s1", 2),
        at(12, "step.finished", "s1", 2),
        at(13, "step.started", "s2", 1),
        at(14, "step.finished", "s2", 1),
        at(15, "step.finished", "s1", 1),
      ]),
    )
    expect(brief(proofOf(events))).toEqual(["verified"])
  })
})

describe("what claims nothing needs no proof, what declares nothing is unchecked", () => {
  test("no checks: unchecked; no checks and a missing step: unproven", () => {
    expect(brief(proofOf(story(all(...PLAN), { checks: [] })))).toEqual(["unchecked"])
    expect(brief(proofOf(story(all("s1"), { plan: ["s1", "s2"], checks: [] })))).toEqual([
      "unproven",
      "step_missing s2",
    ])
  })

  test("a halted or cancelled run and one that has not ended are pending", () => {
    const events = story([...all(...PLAN), ["row_count_check", "pass"]])
    expect(brief(proofOf(events.slice(0, -1)))).toEqual(["pending"])
    const halted = toLedger([{ id: "h", type: "run.halted", run: "r", seq: 1, at: instant(1), by: "agent" }])
    expect(brief(proofOf([...events, ...halted]))).toEqual(["pending"])
    expect(brief(proofOf(story(all(...PLAN), { finish: { outcome: "cancelled" } })))).toEqual(["pending"])
  })

  test("a run cannot verify itself by saying so", () => {
    const boast = { finish: { proof: "verified", verified: true, status: "verified" }, start: { proof: "verified" } }
    expect(proofOf(story(all(...PLAN), boast)).proof).toBe("unproven")
  })
})
