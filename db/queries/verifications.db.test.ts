import { describe, expect, test } from "vitest"
import { readAll, readerFor } from "@/db/testing-reader"
import { DataQuality, DeadLetterList, VerificationList } from "@/lib/contracts/read"
import { VerificationSeries } from "@/lib/contracts/verifications"
import { getDeadLetter, listDeadLetters } from "./dead-letters"
import { getDataQuality } from "./quality"
import { getVerificationSeries } from "./verification-series"
import { listVerifications } from "./verifications"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const list = async (project: number, query: string) =>
  VerificationList.parse(await db.ask(project, query, listVerifications))
const daysAgo = (days: number, ms = 0) => new Date(NOW - days * 86_400_000 + ms).toISOString()

describe("verifications", () => {
  test("keyset pages hold each once; filters narrow rows and count alike", async () => {
    const project = await db.make.project({ zone: "Europe/Berlin" })
    await db.make.runs(project, [
      { id: "r0", at: daysAgo(50), workflow: "w0", release: "1", output: "sha256:out" },
      { id: "r1", at: daysAgo(50), workflow: "w1" },
    ])
    const outcomes = ["passed", "passed", "passed", "failed", "error", "skipped"]
    const seeds = Array.from({ length: 400 }, (_, i) => ({
      id: `v${String((i * 77) % 400).padStart(3, "0")}`,
      run: `r${i % 2}`,
      workflow: `w${i % 2}`,
      release: i % 2 === 0 ? "1" : null,
      at: daysAgo(i % 4 === 0 ? i % 45 : 2),
      check: i % 3 === 0 ? "rows" : "schema",
      outcome: outcomes[i % 6] as string,
      artifact: i % 5 === 0 ? "sha256:out" : null,
    }))
    await db.make.verifications(project, seeds)
    await db.make.rollUp(project)
    const every = (query: string) =>
      readAll((cursor) => list(project, `${query}&limit=23${cursor ? `&cursor=${cursor}` : ""}`))
    for (const [query, keep] of [
      ["last=90d", () => true],
      [
        "last=90d&outcome=failed&outcome=error",
        (s: (typeof seeds)[0]) => s.outcome === "failed" || s.outcome === "error",
      ],
      ["last=90d&check=rows&workflow=w0", (s: (typeof seeds)[0]) => s.check === "rows" && s.workflow === "w0"],
      ["last=90d&release=~", (s: (typeof seeds)[0]) => s.release === null],
    ] as const) {
      const expected = seeds.filter(keep).sort((a, b) => (`${a.at} ${a.id}` < `${b.at} ${b.id}` ? 1 : -1))
      expect(
        (await every(query)).map((v) => v.id),
        query,
      ).toEqual(expected.map((s) => s.id))
      expect((await list(project, query)).count?.value, query).toBe(expected.length)
    }
    const [row] = (await list(project, "last=90d&workflow=w0")).items
    expect(row?.is_on_final_output).toBe(row?.artifact === "sha256:out")
    expect((await list(project, "last=90d&workflow=w1")).items[0]?.is_on_final_output).toBeNull()

    const series = VerificationSeries.parse(
      await db.ask(project, "last=90d&grain=week&outcome=failed", getVerificationSeries),
    )
    expect(series.groups.map((group) => group.name)).toEqual(["rows", "schema"])
    for (const group of series.groups)
      for (const outcome of ["passed", "failed", "error", "skipped"] as const) {
        expect(group[outcome]).toBe(seeds.filter((s) => s.check === group.name && s.outcome === outcome).length)
        expect(group.series.reduce((sum, point) => sum + point[outcome], 0)).toBe(group[outcome])
      }
    await expect(list(project, "provider=x")).rejects.toMatchObject({ code: "invalid_filter", field: "provider" })
  })
})

describe("data quality and dead letters", () => {
  test("counters are summed over the hours of the range; the last event is the last of all", async () => {
    const project = await db.make.project()
    const counter = (hour: string, accepted: number) => ({
      project_id: project,
      key_id: accepted,
      hour,
      accepted,
      duplicates: 1,
      conflicts: 0,
      rejected: 2,
      sanitized: 0,
      last_at: hour,
    })
    await db.make.insert("ingest_counters", [
      counter("2026-11-20T09:00:00Z", 10),
      counter("2026-11-20T08:00:00Z", 20),
      counter("2026-09-01T08:00:00Z", 40),
    ])
    await db.make.spans(project, [
      { at: "2026-11-20T09:05:00Z", model: "m", cost: null },
      { at: "2026-11-20T09:06:00Z", model: "m", cost: "1" },
    ])
    await db.make.rollUp(project)
    const quality = DataQuality.parse(await db.ask(project, "last=7d", getDataQuality))
    expect(quality).toEqual({
      last_event_at: "2026-11-20T09:00:00.000Z",
      accepted: 30,
      duplicates: 2,
      conflicts: 0,
      rejected: 4,
      sanitized: 0,
      calls: 2,
      unpriced_calls: 1,
      differing_calls: 0,
    })
    const empty = await db.make.project()
    expect((await db.ask(empty, "last=7d", getDataQuality)).last_event_at).toBeNull()
  })

  test("a letter comes whole by id, cut in the list, and to its own project only", async () => {
    const [project, other] = [await db.make.project(), await db.make.project()]
    const letter = (n: number) => ({
      project_id: project,
      kind: "rejected",
      code: "invalid_decimal",
      field: "cost",
      message: "m",
      event_id: `e${n}`,
      raw: "x".repeat(n * 3000),
      raw_hash: `00000000-0000-0000-0000-00000000000${n}`,
      key_id: 1,
      request_id: "q",
      first_at: daysAgo(2),
      last_at: daysAgo(1),
      count: n,
    })
    for (const n of [1, 2, 3]) await db.make.insert("dead_letters", [letter(n)])
    const read = async (query: string) =>
      DeadLetterList.parse(await db.ask(project, query, (tx, f) => listDeadLetters(tx, f)))
    const all = await readAll((cursor) => read(`limit=1${cursor ? `&cursor=${cursor}` : ""}`))
    expect(all.map((item) => [item.event_id, item.raw.length])).toEqual([
      ["e3", 4000],
      ["e2", 4000],
      ["e1", 3000],
    ])
    const id = all[0]?.id as string
    expect((await db.ask(project, "", (tx) => getDeadLetter(tx, id))).raw).toHaveLength(9000)
    for (const [where, what] of [
      [other, id],
      [project, "x"],
      [project, "999999"],
    ] as const)
      await expect(db.ask(where, "", (tx) => getDeadLetter(tx, what))).rejects.toMatchObject({ code: "not_found" })
  })
})
