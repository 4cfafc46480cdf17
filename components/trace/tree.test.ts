import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  above,
  barOf,
  costliestPath,
  extentOf,
  findSpans,
  firstFailure,
  flawsOf,
  selfTime,
  tookOf,
  visibleRows,
} from "@/components/trace/read-trace"
import { at, span, T0 } from "@/components/trace/testing"
import { buildTrace, type TraceNode } from "@/components/trace/tree"
import type { SpanRow } from "@/lib/contracts/read"
import { formatMoney, sumMoney } from "@/lib/money"

const outline = (spans: SpanRow[]) => buildTrace(spans).nodes.map((node) => `${"  ".repeat(node.depth)}${node.span.id}`)
const nodeOf = (spans: SpanRow[], id: string) => {
  const trace = buildTrace(spans)
  return trace.nodes[trace.byId.get(id) ?? -1] as TraceNode
}

describe("the tree", () => {
  test("siblings stand in order of start, whatever the order they came in", () => {
    expect(outline([span("b", { started_at: at(5) }), span("a", { started_at: at(1) })])).toEqual(["a", "b"])
  })
  test("a span without a parent hangs under the attempt of its step that was under way", () => {
    const spans = [
      span("step:parse:1", { kind: "step", step: "parse", attempt: 1, started_at: at(0) }),
      span("step:parse:2", { kind: "step", step: "parse", attempt: 2, started_at: at(10) }),
      span("x", { step: "parse", started_at: at(12) }),
      span("y", { step: "parse", attempt: 1, started_at: at(12) }),
    ]
    expect(outline(spans)).toEqual(["step:parse:1", "  y", "step:parse:2", "  x"])
  })
  test("a parent that never came leaves its child at the root, and that is said", () => {
    const trace = buildTrace([span("a", { parent: "lost" })])
    expect(trace.nodes[0]).toMatchObject({ depth: 0, flaw: "orphan" })
    expect(flawsOf(trace)).toEqual([
      { what: "orphan", text: expect.stringContaining("names a parent that has not come"), first: 0 },
    ])
  })
  test("a parent that never came is said of a span that its step holds, too", () => {
    const trace = buildTrace([span("s", { kind: "step", step: "parse" }), span("a", { parent: "lost", step: "parse" })])
    expect(trace.nodes[1]).toMatchObject({ depth: 1, flaw: "orphan" })
  })
  test("parents in a circle lose no span; the circle is cut at its earliest, whatever the order they came in", () => {
    const circle = [
      span("a", { parent: "c", started_at: at(3) }),
      span("b", { parent: "a", started_at: at(1) }),
      span("c", { parent: "b", started_at: at(2) }),
      span("d", { parent: "a", started_at: at(4) }),
      span("e", { parent: "e", started_at: at(9) }),
    ]
    for (const spans of [circle, circle.toReversed()])
      expect(outline(spans)).toEqual(["b", "  c", "    a", "      d", "e"])
    expect(flawsOf(buildTrace(circle))[0]?.text).toMatch(/^2 circles of parents/)
  })
  test("any set of spans is drawn whole, the same in any order, and a parent stands before what is below it", () => {
    const ids = fc.constantFrom("a", "b", "c", "d", "e", "f")
    const spans = fc.uniqueArray(fc.record({ id: ids, parent: fc.option(ids), start: fc.nat(20) }), {
      selector: (s) => s.id,
    })
    fc.assert(
      fc.property(spans, (list) => {
        const rows = list.map((one) => span(one.id, { parent: one.parent, started_at: at(one.start) }))
        const { nodes } = buildTrace(rows)
        expect(nodes.map((node) => node.span.id).sort()).toEqual(list.map((one) => one.id).sort())
        expect(outline(rows.toReversed())).toEqual(outline(rows))
        nodes.forEach((node, i) => {
          const parent = nodes[node.parent]
          if (node.depth > 0) expect(parent?.depth).toBe(node.depth - 1)
          if (parent) expect(i).toBeLessThanOrEqual(node.parent + parent.size)
        })
      }),
    )
  })
  test("fifty thousand spans, each below the one before, are drawn", () => {
    const spans = Array.from({ length: 50_000 }, (_, i) =>
      span(`s${i}`, { parent: i === 0 ? null : `s${i - 1}`, started_at: at(i) }),
    )
    expect(buildTrace(spans).nodes.at(-1)?.depth).toBe(49_999)
  })
})

describe("figures of a span", () => {
  const spans = [
    span("step", { kind: "step", is_counted: false, is_call: false }),
    span("a", { parent: "step", cost: "0.1", started_at: at(1), ended_at: at(4) }),
    span("b", { parent: "a", cost: "0.2", started_at: at(2), ended_at: at(3) }),
    span("rollup", { parent: "step", cost: "9", is_counted: false, is_call: false, started_at: at(3) }),
    span("free", { parent: "step", cost: null, started_at: at(5) }),
  ]
  test("a sum is exact, and leaves out what is counted below", () => {
    const total = nodeOf(spans, "step").total
    expect(formatMoney(total.cost ?? 0n)).toBe(sumMoney(["0.1", "0.2"]))
    expect(total).toMatchObject({ calls: 3, unpriced: 1, errors: 0 })
    expect(nodeOf(spans, "a").own.cost).not.toBe(nodeOf(spans, "a").total.cost)
    expect(nodeOf(spans, "free").total.cost).toBeNull()
  })
  test("the time of its own is what nothing below it covers", () => {
    const trace = buildTrace(spans)
    expect(selfTime(trace, trace.byId.get("a") as number)).toBe(2000)
  })
  test("bars are measured against the whole run, also while only its first spans are here", () => {
    const trace = buildTrace([span("a")])
    const extent = extentOf(trace, { fromMs: T0, toMs: T0 + 10_000 })
    expect(barOf(trace.nodes[0] as TraceNode, extent)).toEqual({ left: 0, width: 10 })
  })
  test("a span without an end has no duration, and its bar reaches to the last known moment", () => {
    const trace = buildTrace([
      span("a", { ended_at: null, started_at: at(5) }),
      span("b", { started_at: at(0), ended_at: at(10) }),
    ])
    const open = trace.nodes[1] as TraceNode
    expect(tookOf(open)).toBeNull()
    expect(barOf(open, extentOf(trace, null))).toEqual({ left: 50, width: 50 })
    expect(flawsOf(trace)).toHaveLength(1)
  })
  test("an end before its start draws a bar of no width", () => {
    const trace = buildTrace([span("a", { started_at: at(5), ended_at: at(1) }), span("b", { ended_at: at(10) })])
    const node = trace.nodes[trace.byId.get("a") as number] as TraceNode
    expect(tookOf(node)).toBe(0)
    expect(barOf(node, extentOf(trace, null)).width).toBe(0)
  })
})

describe("ways through", () => {
  const spans = [
    span("x", { cost: "1", status: "error" }),
    span("y", { started_at: at(1), kind: "step", is_counted: false, outcome: "failed" }),
    span("y1", { parent: "y", started_at: at(3), cost: "0.4" }),
    span("y2", { parent: "y", started_at: at(2), cost: "0.7", status: "error", error: "schema mismatch" }),
    span("y21", { parent: "y2", started_at: at(2), model: "claude-sonnet-4-5" }),
  ]
  const trace = buildTrace(spans)
  const ids = (places: Iterable<number>) => [...places].map((i) => trace.nodes[i]?.span.id)
  test("folding hides what is below and nothing else", () => {
    expect(ids(visibleRows(trace, new Set(["y2", "y1", "gone"])))).toEqual(["x", "y", "y2", "y1"])
    expect(ids(visibleRows(trace, new Set(["y", "y2"])))).toEqual(["x", "y"])
    expect(above(trace, trace.byId.get("y21") as number)).toEqual(["y2", "y"])
  })
  test("the costliest path goes down by subtree, not by single calls", () => {
    expect(ids(costliestPath(trace))).toEqual(["y", "y2"])
    expect(costliestPath(buildTrace([span("a")]))).toEqual([])
  })
  test("the first failure is the earliest that nothing below it explains", () => {
    expect(ids([firstFailure(trace)])).toEqual(["x"])
    const later = buildTrace(spans.slice(1))
    expect(later.nodes[firstFailure(later)]?.span.id).toBe("y2")
    expect(firstFailure(buildTrace([span("a")]))).toBe(-1)
  })
  test("search looks at name, model, error and id, without regard to case", () => {
    expect(ids(findSpans(trace, "SONNET"))).toEqual(["y21"])
    expect(ids(findSpans(trace, "mismatch"))).toEqual(["y2"])
    expect(ids(findSpans(trace, "y2"))).toEqual(["y2", "y21"])
    expect(findSpans(trace, "  ")).toEqual([])
  })
})
