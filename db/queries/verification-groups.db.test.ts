import { describe, expect, test } from "vitest"
import { readAll, readerFor } from "@/db/testing-reader"
import { VerificationList } from "@/lib/contracts/read"
import { FailureGroups, ReleaseHistories, VerificationDetail, VerificationSeries } from "@/lib/contracts/verifications"
import { getVerification } from "./verification"
import { listFailureGroups, listFailures } from "./verification-failures"
import { listReleaseHistories } from "./verification-releases"
import { getVerificationSeries } from "./verification-series"
import { listVerifications } from "./verifications"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)
const hoursAgo = (hours: number) => new Date(NOW - hours * 3_600_000).toISOString()
const series = async (project: number, query: string) =>
  VerificationSeries.parse(await db.ask(project, query, getVerificationSeries))
const list = async (project: number, query: string) =>
  VerificationList.parse(await db.ask(project, query, listVerifications))

describe("shares", () => {
  test("past fifty checks the rest is summed as other; the groups sum to the total", async () => {
    const project = await db.make.project()
    await db.make.runs(project, [{ id: "r", at: hoursAgo(1) }])
    await db.make.verifications(
      project,
      Array.from({ length: 180 }, (_, i) => ({
        id: `v${i}`,
        run: "r",
        at: hoursAgo(1 + (i % 40)),
        check: `check ${i % 60}`,
        outcome: ["passed", "failed", i < 20 ? "error" : "skipped"][Math.floor(i / 60)] as string,
      })),
    )
    await db.make.rollUp(project)
    const answer = await series(project, "last=7d")
    expect(answer.group_count).toBe(60)
    expect(answer.groups).toHaveLength(51)
    expect(answer.groups.at(-1)?.is_other).toBe(true)
    expect(answer.total).toEqual({ passed: 60, failed: 60, error: 0, skipped: 60 })
    for (const outcome of ["passed", "failed", "error", "skipped"] as const)
      expect(answer.groups.reduce((sum, group) => sum + group[outcome], 0)).toBe(answer.total[outcome])
    expect(answer.groups.filter((group) => group.series.length > 0)).toHaveLength(8)
  })

  test("a split by a dimension that no run has is refused by name, as is a second split", async () => {
    const project = await db.make.project()
    for (const by of ["step", "provider", "key"])
      await expect(series(project, `by=${by}`)).rejects.toMatchObject({ code: "invalid_filter", field: "by" })
    await expect(series(project, "by=release&by=workflow")).rejects.toMatchObject({ field: "by" })
  })

  test("a result counts for each model that its run called; each count is the length of its list", async () => {
    const project = await db.make.project({ zone: "Asia/Kathmandu" })
    const models = [["a"], ["a", "b"], ["b", null], []]
    await db.make.runs(
      project,
      models.map((_, i) => ({ id: `r${i}`, at: hoursAgo(30) })),
    )
    await db.make.spans(
      project,
      models.flatMap((names, i) =>
        names.flatMap((model, k) =>
          [1, 2].map((n) => ({ run: `r${i}`, id: `s${k}${n}`, at: hoursAgo(30 - n), model })),
        ),
      ),
    )
    await db.make.verifications(
      project,
      Array.from({ length: 40 }, (_, i) => ({
        id: `v${i}`,
        run: `r${i % 4}`,
        at: hoursAgo(1 + (i % 25)),
        check: i % 8 < 4 ? "x" : "y",
        outcome: i % 3 === 0 ? "failed" : "passed",
      })),
    )
    await db.make.rollUp(project)
    for (const narrowing of ["last=7d", "last=7d&check=x"]) {
      const answer = await series(project, `${narrowing}&by=model`)
      expect(answer.part).toBeNull()
      expect(answer.groups.map((group) => group.name).sort()).toEqual(["a", "b", null])
      for (const group of answer.groups) {
        const model = `model=${group.name ?? "~"}`
        const rows = await list(project, `${narrowing}&${model}&limit=200`)
        expect(rows.items).toHaveLength(group.passed + group.failed)
        expect(rows.count?.value).toBe(group.passed + group.failed)
        const failed = await readAll((cursor) =>
          list(project, `${narrowing}&${model}&outcome=failed&limit=3${cursor ? `&cursor=${cursor}` : ""}`),
        )
        expect(new Set(failed.map((row) => row.id)).size).toBe(group.failed)
        expect(failed).toHaveLength(group.failed)
        expect(group.series.reduce((sum, point) => sum + point.failed, 0)).toBe(group.failed)
      }
      expect(answer.total.passed + answer.total.failed).toBe(narrowing.endsWith("x") ? 20 : 40)
    }
  })

  test("by model only the newest are looked into, cut at a quarter hour, and the list of that stretch is the same", async () => {
    const project = await db.make.project()
    const set = await db.make.set(project, {})
    await db.make.runs(project, [{ id: "r", at: hoursAgo(100) }])
    await db.make.spans(project, [{ run: "r", at: hoursAgo(100), model: "a" }])
    await db.make.sql.unsafe(`
      insert into verifications (project_id, id, run_id, at, check_name, outcome, dimension_set_id, received_at)
      select ${project}, 'v' || i, 'r', timestamptz '2026-11-20T10:00:00Z' - i * interval '1 minute', 'c',
        case when i % 10 = 0 then 'failed' else 'passed' end, ${set}, now() from generate_series(1, 5400) i`)
    await db.make.rollUp(project)
    const { part, total, groups } = await series(project, "last=7d&by=model")
    expect(part?.of).toBe(5400)
    expect(part?.read).toBeLessThanOrEqual(5000)
    expect(part?.read).toBeGreaterThan(4980)
    expect(Date.parse(part?.since ?? "") % 900_000).toBe(0)
    expect(total.passed + total.failed).toBe(part?.read)
    const stretch = `from=${part?.since}&to=2026-11-20T10:15:00Z`
    expect((await list(project, `${stretch}&model=a&outcome=failed`)).count?.value).toBe(groups[0]?.failed)
    expect((await series(project, `${stretch}&by=model`)).part).toBeNull()
  })
})

describe("failures, grouped", () => {
  test("numbers and ids do not part them; check, step, outcome and words do; each count is the length of its list", async () => {
    const project = await db.make.project()
    await db.make.runs(project, [
      { id: "r0", at: hoursAgo(9), workflow: "w0", release: "1" },
      { id: "r1", at: hoursAgo(9), workflow: "w1", release: "2" },
    ])
    const evidence = (i: number) =>
      [`${i} rows of ${i * 7} differ in /tmp/x${i}/out.csv`, "schema mismatch", null][i % 3]
    const seeds = Array.from({ length: 120 }, (_, i) => ({
      kind: i % 3,
      id: `v${String((i * 7) % 120).padStart(3, "0")}`,
      run: `r${i % 2}`,
      workflow: `w${i % 2}`,
      release: String(1 + (i % 2)),
      at: hoursAgo(1 + (i % 9)),
      check: i % 4 < 2 ? "rows" : "schema",
      step: i % 5 === 0 ? "load" : null,
      outcome: ["failed", "failed", "passed", "error", "skipped"][Math.floor(i / 24)] as string,
      evidence: evidence(i) ?? null,
    }))
    await db.make.verifications(project, seeds)
    await db.make.rollUp(project)
    const ask = async (query: string, options = {}) =>
      FailureGroups.parse(await db.ask(project, query, (tx, f, now) => listFailureGroups(tx, f, now, options)))
    const answer = await ask("last=7d")
    expect([answer.read, answer.of]).toEqual([72, 72])
    expect(answer.groups.reduce((sum, group) => sum + group.count, 0)).toBe(72)
    const told = seeds.filter((s) => s.outcome === "failed" || s.outcome === "error")
    expect(answer.group_count).toBe(new Set(told.map((s) => [s.outcome, s.check, s.step, s.kind].join())).size)
    for (const query of ["last=7d", "last=7d&workflow=w0&outcome=failed"]) {
      for (const group of (await ask(query)).groups) {
        const rows = await readAll(async (cursor) =>
          VerificationList.parse(
            await db.ask(project, `${query}&limit=4${cursor ? `&cursor=${cursor}` : ""}`, (tx, f, now) =>
              listFailures(tx, group.fingerprint, f, now),
            ),
          ),
        )
        expect(rows).toHaveLength(group.count)
        expect(new Set(rows.map((row) => row.id)).size).toBe(group.count)
        expect(rows[0]).toMatchObject({ id: group.newest.id, run: group.newest.run, at: group.last_at })
        expect(rows.at(-1)?.at).toBe(group.first_at)
        for (const row of rows)
          expect([row.outcome, row.check, row.step]).toEqual([group.outcome, group.check, group.step])
      }
    }
    expect((await ask("last=7d&outcome=skipped")).read).toBe(24)
    expect((await ask("last=7d", { withPayload: false })).groups.every((group) => group.evidence === null)).toBe(true)
    expect((await ask("last=1h&workflow=w9")).groups).toEqual([])
  })
})

describe("release to release", () => {
  const seed = (
    [check, workflow, release]: [string, string, string | null],
    [first, last]: [number, number],
    [passed, failed]: [number, number],
  ) =>
    Array.from({ length: passed + failed }, (_, i) => ({
      id: `${check} ${workflow} ${release} ${i}`,
      run: `run ${release}`,
      at: hoursAgo(first - ((first - last) * i) / (passed + failed)),
      check,
      workflow,
      release,
      outcome: i < failed ? "failed" : "passed",
    }))

  test("the worst fall is named with the first result of its release; few results are shown, not compared", async () => {
    const project = await db.make.project({ zone: "Europe/Berlin" })
    await db.make.verifications(project, [
      ...seed(["rows", "w", "1"], [300, 200], [98, 2]),
      ...seed(["rows", "w", "2-rc"], [200, 199], [0, 3]),
      ...seed(["rows", "w", "2"], [190, 100], [70, 26]),
      ...seed(["rows", "w", "3"], [90, 2], [40, 20]),
      ...seed(["rows", "w", null], [300, 2], [5, 50]),
      ...seed(["schema", "w", "1"], [300, 200], [19, 0]),
      ...seed(["schema", "w", "2"], [190, 100], [0, 90]),
      ...seed(["rows", "alone", "1"], [300, 200], [50, 50]),
    ])
    await db.make.rollUp(project)
    const answer = ReleaseHistories.parse(await db.ask(project, "last=30d", listReleaseHistories))
    expect(answer.items.map((item) => [item.check, item.workflow])).toEqual([
      ["rows", "w"],
      ["schema", "w"],
    ])
    expect(answer.compared).toBe(2)
    const [rows, schema] = answer.items
    expect(rows?.releases.map((release) => release.release)).toEqual(["1", null, "2-rc", "2", "3"])
    expect(rows?.drop).toMatchObject({ from: "1", to: "2", at: hoursAgo(190), run: "run 2" })
    expect(rows?.drop?.points).toBeCloseTo(25.08, 2)
    expect(rows?.drop?.low).toBeGreaterThan(0)
    expect(schema?.drop).toBeNull()
    for (const item of answer.items)
      for (const release of item.releases) {
        const of = `check=${item.check}&workflow=${item.workflow}&release=${release.release ?? "~"}`
        const rows = await list(project, `last=30d&${of}&outcome=passed,failed`)
        expect(rows.count?.value).toBe(release.passed + release.failed)
      }
  })
})

describe("one result", () => {
  test("comes with the whole of its evidence, its step's span and whether it was required", async () => {
    const [project, other] = [await db.make.project(), await db.make.project()]
    const text = "x".repeat(9000)
    await db.make.runs(project, [{ id: "r", at: hoursAgo(5), checks: ["rows"], output: "sha256:out" }])
    await db.make.spans(project, [
      { run: "r", id: "s1", at: hoursAgo(5), kind: "step", step: "load" },
      { run: "r", id: "s2", at: hoursAgo(3), kind: "step", step: "load" },
      { run: "r", id: "s3", at: hoursAgo(1), kind: "step", step: "load" },
    ])
    const row = { run: "r", check: "rows", outcome: "failed", evidence: text.slice(0, 2000), artifact: "sha256:old" }
    await db.make.verifications(project, [
      { ...row, id: "v1", at: hoursAgo(2), step: "load" },
      { ...row, id: "v2", at: hoursAgo(2), check: "other" },
    ])
    await db.make.rollUp(project)
    await db.make.days("events", [hoursAgo(2)])
    await db.make.insert("events", [
      {
        project_id: project,
        n: 1,
        id: "v1",
        received_at: hoursAgo(2),
        type: "verification",
        run_id: "r",
        span_id: "",
        key_id: 1,
        body: { evidence: text },
        entry: {},
      },
    ])
    const read = async (id: string, options = {}) =>
      VerificationDetail.parse(await db.ask(project, "", (tx) => getVerification(tx, id, options)))
    expect(await read("v1")).toMatchObject({
      evidence: text,
      is_evidence_whole: true,
      is_required: true,
      span: "s2",
      output_sha256: "sha256:out",
      is_on_final_output: false,
    })
    expect(await read("v2")).toMatchObject({ is_evidence_whole: false, is_required: false, span: null })
    expect((await read("v1", { withPayload: false })).evidence).toBeNull()
    for (const [where, id] of [
      [other, "v1"],
      [project, "v9"],
    ] as const)
      await expect(db.ask(where, "", (tx) => getVerification(tx, id))).rejects.toMatchObject({ code: "not_found" })
  })
})
