import { describe, expect, it } from "vitest"
import { changes } from "@/components/data/changes"

const AT = 1_000_000
const head = (run: string) => ["run", "demo", run, "head"]
const noted = (change: { prefixes?: string[]; runs?: string[]; isEveryRun?: boolean }) => {
  const changed = changes()
  changed.note({ prefixes: [], runs: [], isEveryRun: false, at: AT, ...change })
  return changed
}

describe("changes", () => {
  it("an answer from before the change of its prefix, or just after it, may lack it", () => {
    const changed = noted({ prefixes: ["spend"] })
    expect(changed.isBefore(["spend", "groups"], AT - 1)).toBe(true)
    expect(changed.isBefore(["spend", "groups"], AT + 499)).toBe(true)
    expect(changed.isBefore(["spend", "groups"], AT + 500)).toBe(false)
    expect(changed.isBefore(["runs", "list"], AT - 1)).toBe(false)
  })

  it("a run that was fetched ahead is older than its change, and no other run is", () => {
    const changed = noted({ runs: ["a"] })
    expect(changed.isBefore(head("a"), AT - 1)).toBe(true)
    expect(changed.isBefore(head("b"), AT - 1)).toBe(false)
    expect(changed.isBefore(head("a"), AT + 500)).toBe(false)
  })

  it("where more changed than was named, every run did", () => {
    expect(noted({ runs: ["a"], isEveryRun: true }).isBefore(head("b"), AT - 1)).toBe(true)
  })

  it("runs beyond those told apart count as changed, none is forgotten", () => {
    const changed = noted({ runs: Array.from({ length: 1001 }, (_, run) => `run-${run}`) })
    expect(changed.isBefore(head("run-0"), AT - 1)).toBe(true)
    expect(changed.isBefore(head("run-1000"), AT - 1)).toBe(true)
  })
})
