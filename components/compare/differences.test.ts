import { describe, expect, test } from "vitest"
import type { ComparedRun, ComparedStep } from "@/lib/contracts/compare"
import { TOKEN_BUCKETS, type Usage } from "@/lib/vocabulary"
import { comparisonSentence, moneyDifference } from "./differences"

const tokens = (input = 0) => ({ ...Object.fromEntries(TOKEN_BUCKETS.map((b) => [b, 0])), input }) as Usage

function side(
  more: Partial<ComparedRun["run"]> = {},
  steps: Partial<ComparedStep>[] = [],
  checks: ComparedRun["checks"] = [],
): ComparedRun {
  return {
    run: {
      status: "succeeded",
      proof: "verified",
      hold: null,
      release: "1",
      cost: "1",
      tokens: tokens(),
      started_at: "2026-11-20T10:00:00.000Z",
      ended_at: "2026-11-20T10:01:00.000Z",
      ...more,
    } as ComparedRun["run"],
    steps: steps.map((step) => ({ step: null, state: null, ...step }) as ComparedStep),
    models: [],
    checks,
  }
}
const check = (outcome: string | null) => [{ check: "rows", is_required: true, outcome, score: null, results: 1 }]

describe("what differs first", () => {
  test.each<[ComparedRun, ComparedRun, string]>([
    [side(), side(), "B did the same as A, as far as it is compared here"],
    [side(), side({ cost: "1.5" }), "B cost $0.50 more"],
    [side(), side({ cost: "0.999999999999" }), "B cost $0.000000000001 less"],
    [side(), side({ cost: null }), "B has no price"],
    [side({ cost: null }), side(), "B has a price where A has none"],
    [
      side(),
      side({ ended_at: "2026-11-20T10:00:30.000Z", release: "2" }),
      "B took 30.0 s less and ran release 2 instead of 1",
    ],
    [side(), side({ ended_at: null }), "B did the same as A, as far as it is compared here"],
    [
      side({}, [], check("passed")),
      side({ proof: "failed" }, [], check("failed")),
      "B stands as proof failed and A as verified and failed check “rows”",
    ],
    [side({}, [], check("passed")), side({}, [], check("error")), "B broke on check “rows”"],
    [side({}, [{ step: "a", state: "succeeded" }]), side({}, [{ step: "a", state: "never_ran" }]), "B never ran “a”"],
    [side({}, [{ step: "a", state: "succeeded" }]), side(), "B has no step “a”"],
    [side({}, [{ state: "succeeded" }]), side(), "B made no calls outside of any step"],
    [side(), side({ release: "W".repeat(200) }), `B ran release ${"W".repeat(26)}…${"W".repeat(13)} instead of 1`],
    [side(), side({ tokens: tokens(1200) }), "B used 1.20k more tokens"],
  ])("%#", (a, b, expected) => {
    expect(comparisonSentence(a, b, "USD")).toBe(expected)
  })

  test("a difference of money is exact, and unknown where one side is", () => {
    expect(moneyDifference("0.1", "0.3")).toBe("0.2")
    expect(moneyDifference("12.000000000000000000000001", "12")).toBe("-0.000000000000000000000001")
    expect([moneyDifference(null, "1"), moneyDifference("1", null)]).toEqual([null, null])
  })
})
