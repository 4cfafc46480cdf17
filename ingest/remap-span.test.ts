import { describe, expect, test } from "vitest"
import { parseMoney } from "@/lib/money"
import type { Mapping } from "./act-events"
import type { Entry, LedgerEvent } from "./event"
import { foldSpan } from "./fold-span"
import { spanToEvents } from "./formats/otlp/spans"
import { anOtlpSpan } from "./formats/otlp/testing"
import { type Planned, planRemap, planUndo, type RemapAct } from "./remap-span"
import { toLedger } from "./testing-events"

const CALL = anOtlpSpan({
  "gen_ai.operation.name": "chat",
  "gen_ai.request.model": "gpt-4o",
  "gen_ai.usage.input_tokens": 100,
  "gen_ai.usage.output_tokens": 5,
})
const ENTRY: Entry = { computed: "7", price: 1 }
let n = 0n
/** The span as it was stored by a mapping that read this, and priced so. */
function stored(as: object): LedgerEvent[] {
  const [own] = spanToEvents(CALL).drafts
  const body = JSON.parse(JSON.stringify({ ...own, ...as }))
  // The ledger holds the body as it was sent, more than its schema names.
  return toLedger([body]).map((item) => ({ ...item, event: body, n: ++n, entry: ENTRY }))
}
const act = (id: number, more: Partial<RemapAct> = {}): RemapAct => ({
  id,
  convention: null,
  currency: "USD",
  decide: ({ usage }) => ({ computed: String(usage?.input ?? 0) }),
  ...more,
})
/** As the ledger holds what was planned. */
function append(events: LedgerEvent[], planned: Planned | "left" | null): LedgerEvent[] {
  if (planned === null || planned === "left") throw new Error(`nothing was planned: ${planned}`)
  const { event, entry } = planned
  return [...events, { ...(events[0] as LedgerEvent), n: ++n, id: event.id, type: event.type, seq: null, event, entry }]
}
const inputOf = (events: LedgerEvent[]) => foldSpan(events).usage?.input

describe("a span read again", () => {
  const wrong = stored({ usage: { input: 900, output: 5 } })

  test("is read by the mapping of now, priced by it, and back again with the price that it had", () => {
    const plan = planRemap(wrong, act(1))
    expect(plan).toMatchObject({ fields: ["usage"], convention: "gen_ai", entry: { computed: "100" } })
    const done = append(wrong, plan)
    expect(foldSpan(done)).toMatchObject({ usage: { input: 100 }, computedCost: parseMoney("100"), remapping: 1 })
    expect(planRemap(done, act(2))).toBeNull()
    const undone = append(done, planUndo(done, act(1)))
    expect(undone.at(-1)?.entry).toEqual(ENTRY)
    expect(foldSpan(undone)).toMatchObject({ usage: { input: 900 }, remapping: null })
    expect(planUndo(undone, act(1))).toBeNull()
  })

  test("keeps its price where nothing that it is made of changes", () => {
    const plan = planRemap(stored({ environment: "staging", status: "error" }), act(1))
    expect(plan).toMatchObject({ fields: ["status", "environment"], entry: ENTRY })
  })

  test("by two acts goes back one after the other, whichever order the ledger is read in", () => {
    const first = append(wrong, planRemap(wrong, act(1)))
    // As though the first act had been done by a mapping that was mended once more.
    const done = first.at(-1) as LedgerEvent & { event: Planned["event"] }
    const { mappings } = done.event
    const [id, mapping] = Object.entries(mappings?.events ?? {})[0] as [string, Mapping]
    const half = { ...mapping, usage: { input: 400, output: 5 } }
    const event = { ...done.event, mappings: { remapping: 1, events: { [id]: half } } }
    const once = [...wrong, { ...done, event }]
    expect(inputOf(once)).toBe(400)
    const twice = append(once, planRemap(once, act(2)))
    expect([inputOf(twice), inputOf([...twice].reverse())]).toEqual([100, 100])
    expect(planUndo(twice, act(1))).toBeNull()
    const back = append(twice, planUndo(twice, act(2)))
    expect(foldSpan(back)).toMatchObject({ usage: { input: 400 }, remapping: 1 })
    const whole = append(back, planUndo(back, act(1)))
    expect([inputOf(whole), inputOf([...whole].reverse())]).toEqual([900, 900])
  })

  test("of another convention, or of none, is not looked at; one that is not kept whole is left", () => {
    expect(planRemap(wrong, act(1, { convention: "openinference" }))).toBeNull()
    expect(planRemap(stored({ usage: { input: 1 }, source: undefined }), act(1))).toBeNull()
    const source = { format: "otlp", convention: "gen_ai", dropped_attributes: 2 }
    expect(planRemap(stored({ usage: { input: 1 }, source }), act(1))).toBe("left")
  })
})
