import { describe, expect, test } from "vitest"
import { listDeadLetters } from "@/db/queries/dead-letters"
import { getSourceQuality } from "@/db/queries/sources"
import { readerFor } from "@/db/testing-reader"
import { SourceQuality } from "@/lib/contracts/quality"

const NOW = Date.parse("2026-11-20T10:20:00Z")
const db = readerFor(NOW)
const ask = async (project: number, query: string) =>
  SourceQuality.parse(await db.ask(project, query, (tx, filters) => getSourceQuality(tx, filters, NOW)))

const NONE = { accepted: 0, duplicates: 0, conflicts: 0, rejected: 0, sanitized: 0, ignored: 0, lag_max_ms: 0 }
const hour = (project: number, key: number, at: string, more: object) => ({
  project_id: project,
  key_id: key,
  hour: at,
  format: "native",
  convention: "",
  last_at: null,
  ...NONE,
  lag_1s: 0,
  lag_more: 0,
  ...more,
})
const mark = (project: number, key: number, at: string, kind: string, name: string, n: number, run: string | null) => ({
  project_id: project,
  key_id: key,
  hour: at,
  format: "native",
  convention: "",
  kind,
  name,
  n,
  last_at: at,
  run_id: run,
})

describe("quality per source", () => {
  test("hours of the range are summed per key, door and convention; what stands on its edges counts by the full hour", async () => {
    const [project, other] = [await db.make.project(), await db.make.project()]
    const key = await db.make.key(project, "alpha")
    const [h8, h9, h10] = ["2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z", "2026-11-20T10:00:00Z"]
    await db.make.insert("source_counters", [
      hour(project, key, h8, { accepted: 1000 }),
      hour(project, key, h9, { accepted: 5, lag_1s: 4, lag_more: 1, lag_max_ms: 7, last_at: h9 }),
      hour(project, key, h10, { accepted: 2, lag_1s: 2, rejected: 3, lag_max_ms: 4, last_at: h10 }),
      hour(project, key, h10, { format: "otlp-traces", convention: "gen_ai", accepted: 9, conflicts: 1, ignored: 2 }),
      hour(project, 999_999, h10, { duplicates: 1 }),
      hour(other, key, h10, { accepted: 77 }),
    ])
    await db.make.insert("source_marks", [
      mark(project, key, h9, "rejected", "invalid_id", 1, null),
      mark(project, key, h10, "rejected", "invalid_id", 2, null),
      mark(project, key, h9, "flag", "no_end", 4, "early"),
      mark(project, key, h10, "flag", "no_end", 1, "late"),
      mark(project, key, h8, "flag", "bad_cost", 9, "before"),
    ])
    const found = await ask(project, "from=2026-11-20T09:30:00Z&to=2026-11-20T10:15:00Z")
    expect(found.range).toEqual({ from: "2026-11-20T09:00:00.000Z", to: "2026-11-20T11:00:00.000Z", is_snapped: true })
    expect(found.more_sources).toBe(0)
    const lag = (...counts: number[]) => Array.from({ length: 9 }, (_, i) => counts[i] ?? 0)
    const alpha = { public_id: "alpha", name: "key alpha" }
    const quiet = { ...NONE, lag: lag(), last_event_at: null, rejections: [], flags: [] }
    expect(found.sources).toEqual([
      { ...quiet, key: alpha, format: "otlp-traces", convention: "gen_ai", accepted: 9, conflicts: 1, ignored: 2 },
      {
        ...quiet,
        key: alpha,
        format: "native",
        convention: "",
        accepted: 7,
        rejected: 3,
        lag_max_ms: 7,
        lag: lag(6, 0, 0, 0, 0, 0, 0, 0, 1),
        last_event_at: "2026-11-20T10:00:00.000Z",
        rejections: [{ name: "invalid_id", n: 3, last_at: "2026-11-20T10:00:00.000Z", run_id: null }],
        flags: [{ name: "no_end", n: 5, last_at: "2026-11-20T10:00:00.000Z", run_id: "late" }],
      },
      { ...quiet, key: null, format: "native", convention: "", duplicates: 1 },
    ])
    expect((await ask(await db.make.project(), "last=7d")).sources).toEqual([])
  })

  test("runs that skip numbers are listed newest first, exactly, and only those of the range", async () => {
    const project = await db.make.project()
    const runs = [
      { id: "whole", at: "2026-11-20T09:00:00Z", seq: [1, 5, 5] },
      { id: "holes", at: "2026-11-20T08:00:00Z", seq: [1, 9, 4] },
      { id: "mute", at: "2026-11-20T07:00:00Z", seq: null },
      { id: "nanoseconds", at: "2026-11-20T06:00:00Z", seq: ["1760000000000000000", "1760000000000000009", 2] },
      { id: "old", at: "2026-09-01T06:00:00Z", seq: [1, 9, 4] },
    ]
    await db.make.runs(
      project,
      runs.map(({ id, at }) => ({ id, at })),
    )
    for (const { id, seq } of runs)
      if (seq)
        await db.make
          .sql`update runs set seq_first = ${seq[0] as string}, seq_last = ${seq[1] as string}, seq_count = ${seq[2] as number}
          where project_id = ${project} and id = ${id}`
    const { gaps } = await ask(project, "last=7d")
    expect(gaps.count).toEqual({ value: 2, is_capped: false })
    expect(gaps.items.map(({ run_id, missing, events }) => [run_id, missing, events])).toEqual([
      ["holes", "5", 4],
      ["nanoseconds", "8", 2],
    ])
  })
})

describe("dead letters, narrowed", () => {
  test("by reason, by door whether refused before or after decoding, by key; together", async () => {
    const project = await db.make.project()
    const key = await db.make.key(project, "beta")
    const letter = (n: number, code: string, form: string, keyId: number) => ({
      project_id: project,
      kind: "rejected",
      code,
      field: null,
      message: "m",
      event_id: `e${n}`,
      raw: "{}",
      form,
      raw_hash: `00000000-0000-0000-0000-00000000000${n}`,
      key_id: keyId,
      request_id: "q",
      count: 1,
      first_at: "2026-11-20T09:00:00Z",
      last_at: `2026-11-20T09:00:0${n}Z`,
    })
    await db.make.insert("dead_letters", [
      letter(1, "invalid_id", "native", key),
      letter(2, "invalid_id", "otlp-traces", key),
      letter(3, "bad_timestamp", "otlp-traces:event", key),
      letter(4, "invalid_id", "otlp-traces", key + 1),
    ])
    const read = async (query: string) =>
      (await db.ask(project, query, (tx, filters) => listDeadLetters(tx, filters))).items.map((item) => item.event_id)
    expect(await read("")).toEqual(["e4", "e3", "e2", "e1"])
    expect(await read("code=invalid_id")).toEqual(["e4", "e2", "e1"])
    expect(await read("door=otlp-traces")).toEqual(["e4", "e3", "e2"])
    expect(await read("door=otlp-traces&key=beta&code=invalid_id")).toEqual(["e2"])
    expect(await read("key=nobody")).toEqual([])
    await expect(read("door=window")).rejects.toMatchObject({ code: "invalid_filter", field: "door" })
  })
})
