import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { extentOf, traceRows } from "@/components/trace/tree"
import type { SpanRow } from "@/lib/contracts/read"
import { sumMoney } from "@/lib/money"

const T0 = Date.parse("2026-11-20T10:00:00Z")
const NOTHING_KNOWN = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY }
const at = (seconds: number) => new Date(T0 + seconds * 1000).toISOString()

function span(id: string, more: Partial<SpanRow> = {}): SpanRow {
  return {
    id,
    run: "r1",
    parent: null,
    kind: "llm",
    name: id,
    status: "ok",
    error: null,
    step: null,
    attempt: null,
    outcome: null,
    started_at: at(0),
    ended_at: at(1),
    provider: null,
    model: null,
    tokens: null,
    is_counted: true,
    is_call: true,
    cost: null,
    cost_source: null,
    reported_cost: null,
    computed_cost: null,
    is_estimated: false,
    is_time_suspect: false,
    ...more,
  }
}

const outline = (spans: SpanRow[]) =>
  traceRows(spans, extentOf(spans, NOTHING_KNOWN)).map((row) => `${"  ".repeat(row.depth)}${row.span.id}`)

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
  test("a parent that never came leaves its child at the root", () => {
    expect(outline([span("a", { parent: "lost" })])).toEqual(["a"])
  })
  test("parents in a circle lose no span", () => {
    expect(outline([span("a", { parent: "b" }), span("b", { parent: "a" }), span("c", { parent: "c" })])).toHaveLength(
      3,
    )
  })
  test("any set of spans is drawn whole and a parent stands before its child", () => {
    const ids = fc.constantFrom("a", "b", "c", "d", "e", "f")
    const spans = fc.uniqueArray(fc.record({ id: ids, parent: fc.option(ids), start: fc.nat(20) }), {
      selector: (s) => s.id,
    })
    fc.assert(
      fc.property(spans, (list) => {
        const rows = list.map((one) => span(one.id, { parent: one.parent, started_at: at(one.start) }))
        const drawn = traceRows(rows, extentOf(rows, NOTHING_KNOWN))
        expect(drawn.map((row) => row.span.id).sort()).toEqual(list.map((one) => one.id).sort())
        drawn.forEach((row, i) => {
          if (row.depth > 0) expect(drawn.slice(0, i).some((before) => before.depth === row.depth - 1)).toBe(true)
        })
      }),
    )
  })
  test("two thousand spans, each below the one before, are drawn", () => {
    const spans = Array.from({ length: 2000 }, (_, i) =>
      span(`s${i}`, { parent: i === 0 ? null : `s${i - 1}`, started_at: at(i) }),
    )
    expect(outline(spans).length).toBe(2000)
  })
})

describe("figures of a row", () => {
  test("bars are measured against the whole run, also while only its first spans are here", () => {
    const [row] = traceRows([span("a")], extentOf([span("a")], { fromMs: T0, toMs: T0 + 10_000 }))
    expect(row).toMatchObject({ left: 0, width: 10 })
  })
  test("a subtotal is the exact sum of the counted spans below", () => {
    const spans = [
      span("step", { kind: "step", is_counted: false, is_call: false }),
      span("a", { parent: "step", cost: "0.1", started_at: at(1) }),
      span("b", { parent: "a", cost: "0.2", started_at: at(2) }),
      span("rollup", { parent: "step", cost: "9", is_counted: false, started_at: at(3) }),
    ]
    const [step, a] = traceRows(spans, extentOf(spans, NOTHING_KNOWN))
    expect(step?.subtotal).toBe(sumMoney(["0.1", "0.2"]))
    expect(a?.subtotal).toBe("0.2")
  })
  test("a span without an end has no duration, and its bar reaches to the last known moment", () => {
    const spans = [span("a", { ended_at: null, started_at: at(5) }), span("b", { started_at: at(0), ended_at: at(10) })]
    const open = traceRows(spans, extentOf(spans, NOTHING_KNOWN)).find((row) => row.span.id === "a")
    expect(open).toMatchObject({ durationMs: null, left: 50, width: 50 })
  })
  test("an end before its start draws a bar of no width", () => {
    const spans = [span("a", { started_at: at(5), ended_at: at(1) }), span("b", { ended_at: at(10) })]
    expect(traceRows(spans, extentOf(spans, NOTHING_KNOWN)).find((row) => row.span.id === "a")).toMatchObject({
      durationMs: 0,
      width: 0,
    })
  })
})
