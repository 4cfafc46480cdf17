import { describe, expect, test } from "vitest"
import type { Source, SourceQuality } from "@/lib/contracts/quality"
import { doorWords, flagWords, formWords, lagWords, qualitySentence } from "./quality-words"

const source = (more: Partial<Source> = {}): Source => ({
  ...{ key: { public_id: "k", name: "key" }, format: "otlp-traces", convention: "gen_ai", last_event_at: null },
  ...{ accepted: 10, duplicates: 0, conflicts: 0, rejected: 0, sanitized: 0, ignored: 0 },
  ...{ lag: [10, 0, 0, 0, 0, 0, 0, 0, 0], lag_max_ms: 900, rejections: [], flags: [] },
  ...more,
})
const quality = (sources: Source[], gaps = 0, isCapped = false): SourceQuality => ({
  ...{ range: { from: "", to: "", is_snapped: false }, tz: "UTC", sources, more_sources: 0 },
  gaps: { items: [], count: { value: gaps, is_capped: isCapped } },
})
const mark = (name: string, n: number) => ({ name, n, last_at: "2026-11-20T10:00:00.000Z", run_id: null })

describe("the first line", () => {
  test("says what came, and only what is wrong", () => {
    expect(qualitySentence(quality([]))).toBe("Nothing came in.")
    expect(qualitySentence(quality([source()]))).toBe("10 events from 1 source: nothing refused, missing or in doubt.")
    expect(qualitySentence(quality([source({ format: "unknown" })]))).toBe(
      "10 events from 1 source: nothing refused or missing. Doubts were not counted for all of them.",
    )
    const bad = source({ rejected: 1, conflicts: 2, flags: [mark("no_end", 3), mark("bad_cost", 4)] })
    expect(qualitySentence(quality([source(), bad], 1))).toBe(
      "20 events from 2 sources: 1 item refused, 2 contradictions, 1 run with missing events, 7 doubts in reading.",
    )
    expect(qualitySentence(quality([source()], 10_000, true))).toContain("more than 10,000 runs with missing events")
  })
})

describe("words of a source", () => {
  test("lag is told in the limits that are kept, never as finer than they are", () => {
    expect(lagWords(source())?.text).toBe("1\u00a0s / 1\u00a0s")
    expect(lagWords(source({ lag: [5, 0, 0, 4, 0, 0, 0, 0, 1] }))?.text).toBe("1\u00a0s / over 1\u00a0d")
    expect(lagWords(source({ lag: [0, 0, 0, 0, 0, 6, 4, 0, 0] }))?.text).toBe("1\u00a0h / 6\u00a0h")
    expect(lagWords(source({ lag: [0, 0, 0, 0, 0, 0, 0, 0, 0] }))).toBeNull()
  })
  test("what is not known by name is shown as it came, also when it is called like a part of every object", () => {
    expect(doorWords(source())).toBe("OTLP traces, OpenTelemetry GenAI")
    expect(doorWords(source({ format: "constructor", convention: "toString" }))).toBe("constructor, toString")
    expect(flagWords("some_new_flag")).toBe("some new flag")
    expect([formWords("langfuse"), formWords("otlp-traces:event")]).toEqual(["Langfuse", "OTLP traces, as an event"])
  })
})
