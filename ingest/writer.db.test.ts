import postgres from "postgres"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { KeyActor } from "@/access/actor"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { projectionHash } from "@/db/queries/projection-hash"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"
import { commit } from "./group-commit"
import { MAX_NAMES } from "./names"
import { rebuild } from "./rebuild"
import { replayDeadLetter } from "./replay"
import { openLedger } from "./testing"
import { validate } from "./validate"
import { writeEvents } from "./writer"

const PRICE = {
  provider: "p",
  model: "m",
  prompt_above: 0,
  valid_from: "2000-01-01T00:00:00Z",
  ...(Object.fromEntries(TOKEN_BUCKETS.map((bucket) => [bucket, null])) as Record<
    (typeof TOKEN_BUCKETS)[number],
    null
  >),
  input: "0.000001",
  output: "0.000002",
  source: "test",
  source_date: "2026-01-01",
}
let ledger: Awaited<ReturnType<typeof openLedger>>
beforeAll(async () => {
  ledger = await openLedger({ prices: [PRICE] })
})
afterAll(() => ledger.close())

const AT = "2026-11-20T10:00:00Z"
const RECEIVED = Date.parse("2026-11-20T10:05:00Z")
type Fields = Record<string, unknown>
const span = (id: string, more: Fields = {}): Fields => ({
  id,
  type: "span",
  run: id.split(":")[0],
  span: id,
  kind: "llm",
  start: AT,
  provider: "p",
  model: "m",
  usage: { input: 1000 },
  ...more,
})
const many = (prefix: string, count: number, more: Fields = {}) =>
  Array.from({ length: count }, (_, i) => span(`${prefix}:${i}`, more))
const rows = (text: string, parameters: string[] = [], projectId?: number) =>
  ledger.query(async (tx) => [...(await tx.unsafe(text, parameters))], projectId)
const row = async (text: string, parameters: string[] = []) => (await rows(text, parameters))[0]
const runRow = (id: string) =>
  row(
    `select status, proof, calls, spans, unpriced_calls, cost::text, reported_cost::text, computed_cost::text, input::int, notes from runs where id = $1`,
    [id],
  )
const spanRow = (id: string) =>
  row(
    `select cost::text, cost_source, reported_cost::text, computed_cost::text, is_time_suspect, started_at::text, ended_at::text, is_counted from spans where span_id = $1`,
    [id],
  )
const canonical = (raws: readonly unknown[], key: KeyActor = ledger.key) =>
  raws.map((raw) => {
    const judged = validate(raw, { projectId: key.project.id, keyId: key.keyId, currency: "USD", receivedAt: RECEIVED })
    if (!judged.ok) throw new Error(JSON.stringify(judged.rejection))
    return judged.event
  })
const feedback = (to: number) => ({
  projectId: ledger.key.project.id,
  keyId: ledger.key.keyId,
  receivedAt: RECEIVED,
  requestId: "t",
  prefersReportedCost: true,
  from: 0,
  to,
  sanitized: 0,
  door: "native" as const,
  ignored: 0,
  refused: [],
})

describe("F16 what validation lets through and the data store refuses hurts itself alone", () => {
  beforeAll(() =>
    withOwner(ledger.database.owner, async (sql) => {
      await sql.unsafe(`create function refuse_one() returns trigger language plpgsql as $$ begin
        if new.id = 'bad:poison' then raise exception 'no such value' using errcode = '22P02'; end if; return new; end $$`)
      await sql.unsafe("create trigger poison before insert on events for each row execute function refuse_one()")
    }),
  )

  test("the others of its request and of requests beside it are accepted, and it is a dead letter", async () => {
    const poison = span("bad:poison")
    const batch = [...many("good", 20), poison, ...many("fine", 20)]
    const [answer, other] = await Promise.all([ledger.send(batch), ledger.send(many("bystander", 30))])
    expect(answer).toMatchObject({ accepted: 40, rejected: 1, duplicates: 0, conflicts: 0 })
    expect(answer.results).toEqual([
      expect.objectContaining({ index: 20, id: "bad:poison", status: "rejected", code: "not_storable" }),
    ])
    expect(other).toMatchObject({ accepted: 30, rejected: 0 })
    expect(await runRow("good")).toMatchObject({ calls: 20, cost: "0.02" })
    expect(await runRow("bad")).toBeUndefined()
    expect(
      await row(
        "select kind, code, event_id, raw::jsonb->>'id' as raw, count from dead_letters where event_id = 'bad:poison'",
      ),
    ).toEqual({
      kind: "rejected",
      code: "not_storable",
      event_id: "bad:poison",
      raw: "bad:poison",
      count: 1,
    })
  })

  test("the same poison again raises its count, is no duplicate, and later batches are unaffected", async () => {
    expect(await ledger.send([span("bad:poison"), span("later:1")])).toMatchObject({ accepted: 1, rejected: 1 })
    expect(await row("select count from dead_letters where event_id = 'bad:poison'")).toEqual({ count: 2 })
    expect(await ledger.send(many("later", 3))).toMatchObject({ accepted: 2, duplicates: 1 })
  })

  test("a number past what a column holds is such a case without any trigger", async () => {
    const answer = await ledger.send([span("wide:1", { attempt: 3_000_000_000 }), span("wide:2")])
    expect(answer).toMatchObject({ accepted: 1, rejected: 1, results: [{ index: 0, code: "not_storable" }] })
  })

  test("once the cause is gone a replay takes it, and the letter says so", async () => {
    const letter = await row("select id::text from dead_letters where event_id = 'bad:poison'")
    expect(await replayDeadLetter(ledger.key.project, letter?.id, "t")).toMatchObject({ accepted: 0, rejected: 1 })
    expect(await row("select replayed_at from dead_letters where id = $1", [letter?.id])).toEqual({ replayed_at: null })
    await withOwner(ledger.database.owner, (sql) => sql.unsafe("drop trigger poison on events"))
    expect(await replayDeadLetter(ledger.key.project, letter?.id, "t")).toMatchObject({ accepted: 1, rejected: 0 })
    expect((await row("select replayed_at from dead_letters where id = $1", [letter?.id]))?.replayed_at).not.toBeNull()
    expect(await runRow("bad")).toMatchObject({ calls: 1, cost: "0.001" })
    expect(await replayDeadLetter(ledger.key.project, letter?.id, "t")).toMatchObject({ accepted: 0, duplicates: 1 })
  })

  test("a letter that is no whole JSON, none at all, or of another project is not replayed", async () => {
    const huge = "z".repeat(50_000)
    await ledger.send([{ id: "huge", type: "nothing", input: [huge, huge] }])
    const cut = await row("select id::text, length(raw) from dead_letters where event_id = 'huge'")
    expect(cut?.length).toBe(64 * 1024)
    await expect(replayDeadLetter(ledger.key.project, cut?.id, "t")).rejects.toMatchObject({ code: "conflict" })
    for (const id of ["999999", "1; drop table runs", "-1", ""])
      await expect(replayDeadLetter(ledger.key.project, id, "t")).rejects.toMatchObject({ code: "not_found" })
    const stranger = await ledger.addProject("stranger")
    await expect(replayDeadLetter(stranger.project, cut?.id, "t")).rejects.toMatchObject({ code: "not_found" })
  })
})

describe("writers at once", () => {
  test("I8 a deadlock is retried: the request is answered, its events are counted once", async () => {
    await ledger.send([span("d1:0"), span("d2:0")])
    const owner = postgres({ ...ledger.database.owner, max: 1, onnotice: () => {} })
    try {
      let answer: ReturnType<typeof ledger.send> | undefined
      await owner.begin(async (tx) => {
        await tx`select from runs where id = 'd2' for update`
        answer = ledger.send([span("d1:1"), span("d2:1")])
        // It holds d1 and waits for d2; asking for d1 now closes the circle. It waits longer, so PostgreSQL ends it, not us.
        for (let waiting = 0, asked = 0; waiting === 0; asked++) {
          if (asked > 2_000) throw new Error("the writer never waited for the locked run")
          const [found] =
            await tx`select count(*)::int as n from pg_stat_activity where datname = current_database() and application_name = 'andon ingest' and wait_event_type = 'Lock'`
          waiting = found?.n ?? 0
        }
        await tx`select from runs where id = 'd1' for update`
      })
      expect(await answer).toMatchObject({ accepted: 2, duplicates: 0 })
    } finally {
      await owner.end({ timeout: 5 })
    }
    expect(await runRow("d1")).toMatchObject({ calls: 2, cost: "0.002" })
    expect(await runRow("d2")).toMatchObject({ calls: 2, cost: "0.002" })
  })

  test("F12 the same batch by two instances at the same instant: one inserts, the other says duplicates", async () => {
    for (let round = 0; round < 15; round++) {
      const events = canonical(many(`twin${round}`, 12))
      // As one process would send them, and as another would: the order within differs.
      const written = await Promise.all(
        [events, [...events].reverse()].map((list) => writeEvents(list, [feedback(12)])),
      )
      const outcomes = written.flatMap((one) => one.outcomes)
      expect(outcomes.filter((o) => o === "accepted")).toHaveLength(12)
      expect(outcomes.filter((o) => o === "duplicate")).toHaveLength(12)
      expect(await runRow(`twin${round}`)).toMatchObject({ calls: 12, spans: 12, cost: "0.012" })
    }
  })

  test("F08 the same batch five times at once through one process", async () => {
    const events = many("storm", 40)
    const answers = await Promise.all(Array.from({ length: 5 }, () => ledger.send(events)))
    const sum = (name: "accepted" | "duplicates") => answers.reduce((total, answer) => total + answer[name], 0)
    expect([sum("accepted"), sum("duplicates")]).toEqual([40, 160])
    expect(await runRow("storm")).toMatchObject({ calls: 40, cost: "0.04" })
  })

  test("overlapping new runs in opposite order, many times: every event once, nobody is refused", async () => {
    for (let round = 0; round < 10; round++) {
      const ids = Array.from({ length: 8 }, (_, i) => `over${round}x${i}`)
      const batch = (from: string) => canonical(ids.map((id) => span(`${id}:${from}`)))
      await Promise.all([
        writeEvents(batch("a"), [feedback(8)]),
        writeEvents(batch("b").reverse(), [feedback(8)]),
        writeEvents(batch("c").slice(4), [feedback(4)]),
      ])
      expect(await runRow(ids[0] as string)).toMatchObject({ calls: 2 })
      expect(await runRow(ids[7] as string)).toMatchObject({ calls: 3 })
    }
  })

  test("more waiting than memory should hold is answered busy, and the rest goes on", async () => {
    const bytes = 40 * 1024 * 1024
    const request = (id: string) => ({ events: canonical([span(id)]), feedback: feedback(1), bytes })
    // The first is taken at once; the second waits; the third would be too much.
    const first = commit(request("queue:1"))
    const second = commit(request("queue:2"))
    const third = commit(request("queue:3"))
    await expect(third).rejects.toMatchObject({ code: "busy", retryAfterSeconds: 1 })
    expect(await Promise.all([first, second])).toEqual([{ outcomes: ["accepted"] }, { outcomes: ["accepted"] }])
    expect(await commit(request("queue:3"))).toEqual({ outcomes: ["accepted"] })
  })
})

describe("what a request leaves behind", () => {
  test("counters by key and hour, dead letters by fault, whatever the mix", async () => {
    const key = await ledger.addProject("counted")
    const send = (events: unknown[], hour: number) =>
      ledger.send(events, { key, receivedAt: Date.UTC(2026, 10, 20, hour, 59, 59, 999) })
    const bad = { ...span("x:1"), cost: "NaN" }
    expect(
      await send(
        [span("x:1"), span("x:1"), { ...span("x:1"), model: "other" }, bad, span("x:2", { error: "\u0000" })],
        9,
      ),
    ).toMatchObject({
      accepted: 2,
      duplicates: 1,
      conflicts: 1,
      rejected: 1,
      sanitized: 1,
    })
    await Promise.all([send([span("x:1"), bad], 9), send([span("x:2", { error: "\u0000" }), bad], 10), send([], 10)])
    const counters = await rows(
      "select extract(hour from hour)::int as hour, accepted::int, duplicates::int, conflicts::int, rejected::int, sanitized::int from ingest_counters order by 1",
      [],
      key.project.id,
    )
    expect(counters).toEqual([
      { hour: 9, accepted: 2, duplicates: 2, conflicts: 1, rejected: 2, sanitized: 1 },
      { hour: 10, accepted: 0, duplicates: 1, conflicts: 0, rejected: 1, sanitized: 1 },
    ])
    const letters = await rows(
      "select kind, code, field, event_id, count from dead_letters order by code",
      [],
      key.project.id,
    )
    expect(letters).toEqual([
      { kind: "rejected", code: "invalid_decimal", field: "cost", event_id: "x:1", count: 3 },
      { kind: "conflict", code: "same_id_other_body", field: "id", event_id: "x:1", count: 1 },
    ])
  })

  test("I5 the first hundred refusals are listed, all are counted", async () => {
    const answer = await ledger.send(Array.from({ length: 130 }, (_, i) => ({ id: `no:${i}` })))
    expect(answer).toMatchObject({ accepted: 0, rejected: 130, results_truncated: true })
    expect(answer.results.map((result) => result.index)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(await ledger.send([])).toMatchObject({ accepted: 0, rejected: 0, results_truncated: false })
  })

  test("B40 a batch that mixes good with every kind of bad: exact counts, the good ones stored", async () => {
    const cases: [unknown, string][] = [
      [null, "invalid_event"],
      ["text", "invalid_event"],
      [[], "invalid_event"],
      [{}, "missing_field"],
      [span("mix\u0000"), "invalid_id"],
      [span("a".repeat(10_000)), "invalid_id"],
      [span("mix:model", { model: "a\u0000" }), "invalid_id"],
      [
        JSON.parse(JSON.stringify(span("mix:big", { usage: 0 })).replace('"usage":0', '"usage":{"input":1e400}')),
        "number_out_of_range",
      ],
      [span("mix:unsafe", { usage: { input: 2 ** 53 } }), "number_out_of_range"],
      [span("mix:nan", { cost: "NaN" }), "invalid_decimal"],
      [span("mix:negative", { cost: "-1" }), "negative_amount"],
      [span("mix:currency", { currency: "XXX" }), "unknown_currency"],
      [span("mix:day", { start: "2026-02-30T00:00:00Z" }), "bad_timestamp"],
      [span("mix:type", { type: "span.imagined" }), "unknown_type"],
      [span("mix:version", { schema_version: "2.0" }), "unsupported_schema"],
      [span("mix:text", { usage: { input: "12" } }), "invalid_type"],
      [span("mix:kind", { kind: "chat" }), "invalid_value"],
      [
        span("mix:hash", { type: "verification", at: AT, check: "c", outcome: "passed", artifact: "x" }),
        "invalid_hash",
      ],
      [
        JSON.parse(
          JSON.stringify(span("mix:deep", { input: 0 })).replace(
            '"input":0',
            `"input":${"[".repeat(40)}${"]".repeat(40)}`,
          ),
        ),
        "too_deep",
      ],
      [span("mix:large", { input: Array.from({ length: 9 }, () => "z".repeat(60_000)) }), "event_too_large"],
      [span("mix:attempt", { attempt: 3_000_000_000 }), "not_storable"],
    ]
    const good = [
      ...many("mixed", 10),
      span("mixed:nul", { error: "\u0000" }),
      JSON.parse(
        JSON.stringify(span("mixed:proto", { tags: { a: "b" } })).replace('"a":"b"', '"__proto__":"b","team":"t"'),
      ),
      span("mixed:sql", { name: "'; drop table runs;-- \\ \" {} %" }),
      span("mixed:suspect", { end: "2016-01-01T00:00:00Z" }),
      span("mixed:unpriced", { model: "nobody-knows" }),
    ]
    const batch = cases.flatMap(([raw], i) => [raw, ...(good[i] ? [good[i]] : [])])
    const answer = await ledger.send(batch)
    expect(answer).toMatchObject({
      accepted: good.length,
      duplicates: 0,
      conflicts: 0,
      rejected: cases.length,
      sanitized: 1,
    })
    expect(answer.results.map(({ index, code }) => [code, cases.findIndex(([raw]) => raw === batch[index])])).toEqual(
      cases.map(([, code], i) => [code, i]),
    )
    expect(await runRow("mixed")).toMatchObject({ calls: 15, unpriced_calls: 1, cost: "0.014" })
    expect(await row("select name from spans where span_id = 'mixed:sql'")).toEqual({
      name: "'; drop table runs;-- \\ \" {} %",
    })
  })
})

describe("money", () => {
  test("reported beside computed: the reported counts, both are kept", async () => {
    await ledger.send([
      span("money:1", { cost: "0.5" }),
      span("money:2", { cost: "0" }),
      span("money:3", { cost: "0.25", model: "unknown" }),
    ])
    expect(await spanRow("money:1")).toMatchObject({
      cost: "0.5",
      cost_source: "reported",
      reported_cost: "0.5",
      computed_cost: "0.001",
    })
    expect(await spanRow("money:2")).toMatchObject({ cost: "0", cost_source: "reported" })
    expect(await runRow("money")).toMatchObject({
      cost: "0.75",
      reported_cost: "0.75",
      computed_cost: "0.002",
      unpriced_calls: 0,
    })
  })

  test("a project that trusts its own prices counts the computed, and the reported where it has none", async () => {
    const key = { ...ledger.key, project: { ...ledger.key.project, prefersReportedCost: false } }
    await ledger.send([span("ours:1", { cost: "0.5" }), span("ours:2", { cost: "0.25", model: "unknown" })], { key })
    expect(await spanRow("ours:1")).toMatchObject({ cost: "0.001", cost_source: "computed", reported_cost: "0.5" })
    expect(await spanRow("ours:2")).toMatchObject({ cost: "0.25", cost_source: "reported", computed_cost: null })
    // The setting of the moment is stored with the event: a rebuild after it changed decides nothing again.
    await rebuild(ledger.key.project.id, { order: "shuffle" })
    expect(await spanRow("ours:1")).toMatchObject({ cost: "0.001", cost_source: "computed" })
  })

  test("B19 a reported cost above a million is held: stored, unpriced, in no total, until an update mends it", async () => {
    await ledger.send([span("held:1", { cost: "1000000.000000000001" }), span("held:2", { cost: "1000000" })])
    expect(await spanRow("held:1")).toMatchObject({
      cost: null,
      cost_source: null,
      reported_cost: "1000000.000000000001",
    })
    expect(await runRow("held")).toMatchObject({ cost: "1000000", calls: 2, unpriced_calls: 1 })
    await ledger.send([
      { id: "held:3", type: "span", run: "held", span: "held:1", at: "2026-11-20T10:00:01Z", cost: "1.5" },
    ])
    expect(await runRow("held")).toMatchObject({ cost: "1000001.5", calls: 2, unpriced_calls: 0 })
  })

  test("usage that names no bucket is unknown, not zero", async () => {
    await ledger.send([
      span("void:1", { usage: {} }),
      span("void:2", { usage: {}, kind: "tool" }),
      span("void:3", { usage: { input: 0 } }),
    ])
    expect(await spanRow("void:1")).toMatchObject({ cost: null, computed_cost: null })
    expect(await spanRow("void:3")).toMatchObject({ cost: "0", cost_source: "computed" })
    expect(await runRow("void")).toMatchObject({ calls: 2, unpriced_calls: 1 })
  })

  test("token sums are exact at the largest numbers that are taken", async () => {
    await ledger.send(many("huge", 1_500, { usage: { input: 1e12, output: 999_999_999_999 } }))
    const sums = await row(
      "select input::text, output::text, (select sum(input)::text from spans where run_id = 'huge') as added, cost::text from runs where id = 'huge'",
    )
    expect(sums).toEqual({
      input: "1500000000000000",
      output: "1499999999998500",
      added: "1500000000000000",
      cost: "4499999999.997",
    })
  })
})

describe("B39 past 10,000 names a dimension counts new ones as (other)", () => {
  test("the decision is stored with the event; known names go on by name; a rebuild repeats it", async () => {
    const key = await ledger.addProject("crowded")
    const own = key.project.id
    await ledger.send([span("n:0", { model: "known" })], { key })
    await withOwner(ledger.database.owner, (sql) =>
      sql.unsafe(
        `insert into dimension_names select ${own}, 'model', 'name ' || i from generate_series(1, ${MAX_NAMES - 2}) i`,
      ),
    )
    await ledger.send([span("n:1", { model: "the last" })], { key })
    await ledger.send(
      [span("n:2", { model: "one too many" }), span("n:3", { model: "known" }), span("n:4", { model: "name 7" })],
      { key },
    )
    await ledger.send(
      [{ id: "n:5", type: "cost", at: AT, provider: "p", model: "another", cost: "3", tags: { team: "t" } }],
      { key },
    )
    const counted = () =>
      rows(
        "select d.model, sum(r.calls)::int as calls, sum(r.cost)::text as cost from spend_rollup r join dimension_sets d on d.id = r.dimension_set_id where r.grain = 15 group by 1 having sum(r.calls) > 0 order by 1",
        [],
        own,
      )
    const expected = [
      { model: "(other)", calls: 2, cost: "3" },
      { model: "known", calls: 2, cost: "0" },
      { model: "name 7", calls: 1, cost: "0" },
      { model: "the last", calls: 1, cost: "0" },
    ]
    expect(await counted()).toEqual(expected)
    // The span itself keeps its name; only what it is counted under is folded.
    expect(await rows("select model from spans where span_id = 'n:2'", [], own)).toEqual([{ model: "one too many" }])
    expect(
      await rows("select id, entry->'other' as other from events where entry ? 'other' order by id", [], own),
    ).toEqual([
      { id: "n:2", other: ["model"] },
      { id: "n:5", other: ["model"] },
    ])
    await withOwner(ledger.database.owner, (sql) => sql.unsafe(`delete from dimension_names where project_id = ${own}`))
    await rebuild(own)
    expect(await counted()).toEqual(expected)
  })
})

describe("clocks", () => {
  test("F11 more than a day ahead of us is suspect, and the money is dated as received; the past is taken as it is", async () => {
    const times = {
      "clock:1": 24 * 3_600_000,
      "clock:2": 24 * 3_600_000 + 1,
      "clock:3": 25 * 3_600_000,
      "clock:4": -26 * 365 * 86_400_000,
    }
    const events = Object.entries(times).map(([id, ahead]) =>
      span(id, { start: new Date(RECEIVED + ahead).toISOString() }),
    )
    expect(await ledger.send(events, { receivedAt: RECEIVED })).toMatchObject({ accepted: 4 })
    expect(await spanRow("clock:1")).toMatchObject({ is_time_suspect: false, started_at: "2026-11-21 10:05:00+00" })
    for (const id of ["clock:2", "clock:3"])
      expect(await spanRow(id)).toMatchObject({
        is_time_suspect: true,
        started_at: "2026-11-20 10:05:00+00",
        cost: "0.001",
      })
    expect((await spanRow("clock:4"))?.is_time_suspect).toBe(false)
    expect(await row("select first_span_at::text as a, last_span_at::text as b from runs where id = 'clock'")).toEqual({
      a: "2000-11-26 10:05:00+00",
      b: "2026-11-21 10:05:00+00",
    })
  })

  test("B24 an end before the start, and ten years of duration, are suspect; their money counts", async () => {
    const events = [
      span("dur:1", { end: "2026-11-20T09:59:59Z" }),
      span("dur:2", { start: "2016-11-20T10:00:00Z", end: AT }),
      span("dur:3", { end: AT }),
    ]
    await ledger.send(events, { receivedAt: RECEIVED })
    expect(
      (await Promise.all(["dur:1", "dur:2", "dur:3"].map(spanRow))).map((found) => found?.is_time_suspect),
    ).toEqual([true, true, false])
    expect(await runRow("dur")).toMatchObject({ calls: 3, cost: "0.003" })
  })

  test("B22 every form of an instant that is taken finds its day", async () => {
    const starts = [
      "2026-11-20t10:00:00z",
      "2026-11-19T23:59:59.999999999-00:30",
      "2026-01-01T00:00:00.5+15:59",
      "2000-01-01T00:00:00Z",
    ]
    expect(await ledger.send(starts.map((start, i) => span(`form:${i}`, { start })))).toMatchObject({ accepted: 4 })
    expect(
      (await rows("select started_at::text as at from spans where run_id = 'form' order by span_id")).map(
        ({ at }) => at,
      ),
    ).toEqual([
      "2026-11-20 10:00:00+00",
      "2026-11-20 00:29:59.999+00",
      "2025-12-31 08:01:00.5+00",
      "2000-01-01 00:00:00+00",
    ])
  })
})

describe("runs", () => {
  test("B34 the same run id in two projects is two runs", async () => {
    const other = await ledger.addProject("other")
    const hash = () => ledger.query((tx) => projectionHash(tx, ledger.key.project.id))
    await ledger.send([span("shared:1")])
    const before = await hash()
    expect(
      await ledger.send(
        [
          span("shared:1", { cost: "9" }),
          { id: "shared:2", type: "run.finished", run: "shared", at: AT, outcome: "failed" },
          span("shared:3", { project_id: ledger.key.project.id }),
        ],
        { key: other },
      ),
    ).toMatchObject({ accepted: 3, conflicts: 0, warnings: [expect.stringContaining("project_id")] })
    expect(await hash()).toBe(before)
    expect(await rows("select status, calls, cost::text from runs where id = 'shared'", [], other.project.id)).toEqual([
      { status: "failed", calls: 2, cost: "9.001" },
    ])
    expect(await runRow("shared")).toMatchObject({ status: "running", calls: 1 })
  })

  test("B35 a parent cycle of spans with usage keeps its money, whatever comes first", async () => {
    const ring = (run: string) => [
      span(`${run}:a`, { kind: "agent", parent: `${run}:b` }),
      span(`${run}:b`, { kind: "agent", parent: `${run}:a` }),
      span(`${run}:c`, { kind: "agent", parent: `${run}:c` }),
    ]
    await ledger.send(ring("ring1"))
    for (const event of ring("ring2").reverse()) await ledger.send([event])
    expect(await runRow("ring1")).toMatchObject({ spans: 3, calls: 2, cost: "0.002" })
    expect(await runRow("ring2")).toEqual(await runRow("ring1"))
  })

  test("B35 a chain of 10,000 spans under a roll-up costs no more than its length", async () => {
    const link = (i: number) =>
      span(`chain:${i}`, {
        kind: i === 9_999 ? "llm" : "tool",
        parent: i === 0 ? "chain:root" : `chain:${i - 1}`,
        usage: i === 9_999 ? { input: 5 } : undefined,
      })
    const links = Array.from({ length: 10_000 }, (_, i) => link(i))
    await ledger.send([span("chain:root", { kind: "agent", usage: { input: 5 } }), ...links.slice(0, 4_999)])
    await ledger.send(links.slice(4_999, 9_998))
    expect(await runRow("chain")).toMatchObject({ spans: 9_999, calls: 1, input: 5 })
    const started = performance.now()
    await ledger.send(links.slice(9_998))
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(await runRow("chain")).toMatchObject({ spans: 10_001, calls: 1, input: 5 })
  })

  test("B36 a second end is a note; what comes after the end is stored; a verification of a step that is none too", async () => {
    const end = (id: string, outcome: string, second: number, type = "run.finished") => ({
      id,
      type,
      run: "ends",
      at: `2026-11-20T10:00:0${second}Z`,
      ...(type === "run.finished" ? { outcome } : {}),
    })
    await ledger.send([end("ends:late", "failed", 5), end("ends:first", "succeeded", 3)])
    await ledger.send([
      end("ends:halt", "", 7, "run.halted"),
      span("ends:after", { start: "2026-11-20T11:00:00Z" }),
      { id: "ends:v", type: "verification", run: "ends", at: AT, check: "c", step: "no such step", outcome: "passed" },
    ])
    const found = await runRow("ends")
    expect(found).toMatchObject({ status: "succeeded", calls: 1 })
    expect(found?.notes.map((note: { code: string; event: string }) => `${note.code} ${note.event}`)).toEqual([
      "second_end ends:late",
      "second_end ends:halt",
    ])
    expect(await rows("select step from verifications where run_id = 'ends'")).toEqual([{ step: "no such step" }])
    // An earlier halt, told last, is what ended the run.
    await ledger.send([end("ends:before", "", 1, "run.halted")])
    const halted = await runRow("ends")
    expect(halted).toMatchObject({ status: "halted", proof: "pending" })
    expect(halted?.notes.map((note: { code: string }) => note.code)).toEqual([
      "finished_after_halt",
      "finished_after_halt",
      "second_end",
    ])
  })
})

test("after all of this every figure is the sum of its rows, and a rebuild arrives at the same", async () => {
  const report = await withOwner(ledger.database.owner, (owner) => audit(owner))
  expect(report.differences).toEqual([])
  expect(report.compared.spans).toBeGreaterThan(10_000)
  const hash = () => ledger.query((tx) => projectionHash(tx, ledger.key.project.id))
  const before = await hash()
  await rebuild(ledger.key.project.id, { order: "reverse" })
  expect(await hash()).toBe(before)
}, 60_000)
