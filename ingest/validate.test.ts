import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { canonicalJson } from "@/lib/canonical"
import { LIMITS } from "./inspect"
import { type Validated, validate } from "./validate"

const scope = { projectId: 7, keyId: 3, currency: "USD", receivedAt: Date.UTC(2026, 10, 20, 12) }
const AT = "2026-11-20T10:00:00Z"
const span = { id: "e1", type: "span", run: "r1", span: "s1", kind: "llm", start: AT }
const started = { id: "e2", type: "run.started", run: "r1", at: AT }
const check = { id: "e3", type: "verification", run: "r1", at: AT, check: "c", outcome: "passed" }
const cost = { id: "e4", type: "cost", at: AT, provider: "p", model: "m", cost: "1" }

const judge = (raw: unknown): Validated => validate(raw, scope)
/** `ok`, or code and field of the refusal. */
const verdict = (raw: unknown): string => {
  const judged = judge(raw)
  return judged.ok ? "ok" : `${judged.rejection.code} ${judged.rejection.field}`
}
const accepted = (raw: unknown) => {
  const judged = judge(raw)
  if (!judged.ok) throw new Error(JSON.stringify(judged.rejection))
  return judged.event
}
/** As it stands on the wire: JSON.parse sees what an object literal cannot say. */
const wire = (base: object, name: string, json: string): unknown =>
  JSON.parse(JSON.stringify({ ...base, [name]: "@@" }).replace('"@@"', json))
const HASH = `sha256:${"a".repeat(64)}`

describe("what is taken", () => {
  test.each<[string, object]>([
    [
      "run.started",
      {
        ...started,
        workflow: "w",
        agent: "a",
        environment: "e",
        release: "1",
        plan: ["a", "b"],
        checks: ["c"],
        tags: { team: "t" },
        seq: 0,
      },
    ],
    ["step.started", { id: "x", type: "step.started", run: "r", at: AT, step: "fetch", attempt: 1 }],
    [
      "step.finished",
      {
        id: "x",
        type: "step.finished",
        run: "r",
        at: AT,
        step: "fetch",
        outcome: "succeeded",
        checkpoint: { ref: "r", sha256: HASH },
        side_effects: "none",
      },
    ],
    [
      "span",
      {
        ...span,
        parent: null,
        end: null,
        usage: { input: 1 },
        cost: "0.01095",
        status: "ok",
        input: { a: [1] },
        output: "text",
      },
    ],
    [
      "verification",
      { ...check, score: 0.4, threshold: 0.9, evidence: "e", artifact: HASH, verifier: { name: "v", hash: HASH } },
    ],
    [
      "run.halted",
      { id: "x", type: "run.halted", run: "r", at: AT, by: "agent", step: "parse", reason: "schema mismatch" },
    ],
    [
      "run.finished",
      {
        id: "x",
        type: "run.finished",
        run: "r",
        at: AT,
        outcome: "succeeded",
        output: { sha256: HASH, refs: ["fetch"] },
      },
    ],
    ["cost", cost],
  ])("%s", (type, raw) => {
    expect(accepted(raw)).toMatchObject({
      type,
      projectId: 7,
      keyId: 3,
      receivedAt: scope.receivedAt,
      sanitized: false,
    })
  })

  test("the order of keys is no difference, a value is", () => {
    const [a, b] = [accepted({ ...span, name: "n" }), accepted({ name: "n", ...span })]
    expect(a.bodyHash).toBe(b.bodyHash)
    expect(a.body).toBe(b.body)
    expect(accepted({ ...span, name: "N" }).bodyHash).not.toBe(a.bodyHash)
  })

  test("each event says which span it speaks of, and when", () => {
    expect(accepted(span)).toMatchObject({ runId: "r1", spanId: "s1", at: Date.parse(AT), seq: null })
    expect(accepted({ ...started, type: "step.started", step: "fetch" })).toMatchObject({ spanId: "step:fetch:1" })
    expect(accepted({ ...started, type: "step.finished", step: "fetch", attempt: 2, outcome: "failed" })).toMatchObject(
      { spanId: "step:fetch:2" },
    )
    expect(accepted(cost)).toMatchObject({ runId: "", spanId: "cost:e4" })
    expect(accepted(started)).toMatchObject({ runId: "r1", spanId: "" })
    expect(accepted({ ...span, at: "2026-11-20T10:00:09Z" }).at).toBe(Date.parse(AT) + 9000)
    expect(accepted({ ...span, start: undefined, end: "2026-11-20T10:00:05Z" }).at).toBe(Date.parse(AT) + 5000)
  })

  test("B32 unknown fields are kept in the stored body", () => {
    expect(JSON.parse(accepted({ ...span, extra: { deep: [1] }, usage: { input: 1, images: 2 } }).body)).toMatchObject({
      extra: { deep: [1] },
      usage: { images: 2 },
    })
  })
})

describe("B12 to B16: text is mended, identifiers and numbers are refused", () => {
  test("B12 B14 free text", () => {
    for (const text of ["a\u0000b", "a\ud800b"]) {
      const event = accepted({ ...span, error: text, input: [text], name: text, tags: { team: text } })
      expect(event.sanitized).toBe(true)
      expect(JSON.parse(event.body)).toMatchObject({
        error: "a\ufffdb",
        input: ["a\ufffdb"],
        tags: { team: "a\ufffdb" },
      })
    }
    expect(accepted({ ...check, evidence: "\u0007" }).sanitized).toBe(true)
  })

  test("B13 keys of attributes are mended", () => {
    expect(JSON.parse(accepted({ ...span, tags: { "a\u0000": "b" } }).body).tags).toEqual({ "a\ufffd": "b" })
  })

  const BAD = {
    "a NUL": "a\u0000b",
    "a line break": "a\nb",
    "half a surrogate": "a\ud800",
    "an escape": "\u001b[31m",
    nothing: "",
    "10,000 characters": "a".repeat(10_000),
    "10,000 random characters": Array.from({ length: 10_000 }, (_, i) => ((i * 7919) % 36).toString(36)).join(""),
  }
  const IDS: [string, object][] = [
    ["id", span],
    ["run", span],
    ["span", span],
    ["parent", span],
    ["run", started],
    ["run", check],
  ]
  const NAMES: [string, object][] = [
    ...["model", "provider", "step", "workflow", "environment", "release"].map((field): [string, object] => [
      field,
      span,
    ]),
    ...["workflow", "agent", "environment", "release"].map((field): [string, object] => [field, started]),
    ["check", check],
    ["step", check],
    ["model", cost],
    ["team", cost],
    ["by", { id: "x", type: "run.halted", run: "r", at: AT }],
    ["rule", { id: "x", type: "run.halted", run: "r", at: AT }],
    ["step", { id: "x", type: "run.halted", run: "r", at: AT }],
  ].filter(([field]) => field !== "team") as [string, object][]
  describe.each([...IDS, ...NAMES])("B13 B14 B25 %s of %o", (field, base) => {
    test.each(Object.entries(BAD))("with %s", (_, text) => {
      expect(verdict({ ...base, [field]: text })).toBe(`invalid_id ${field}`)
    })
  })
  test.each([
    ["plan", ["ok", "a\u0000b"]],
    ["checks", ["a\ud800"]],
  ])("B13 %s", (field, list) => {
    expect(verdict({ ...started, [field]: list })).toMatch(`invalid_id ${field}`)
  })
  test.each(IDS)("B13 %s of %o has no spaces, slashes or letters beyond ASCII", (field, base) => {
    for (const text of ["a b", " a", "a/b", "é", "a\u200b", "x".repeat(129)])
      expect(verdict({ ...base, [field]: text })).toBe(`invalid_id ${field}`)
    expect(verdict({ ...base, [field]: `A.b_c:d-9${"x".repeat(119)}` })).toBe("ok")
  })
  test("B29 names are of any script; not blank, not longer than 256, not with space around them", () => {
    for (const name of ["发票提取", "👩‍👩‍👧‍👦", "שלום", "Llama 3 70B", "a/b:c@d", "x".repeat(256)])
      expect(verdict({ ...span, model: name, step: name })).toBe("ok")
    for (const name of [" ", " a", "a ", "x".repeat(257)])
      expect(verdict({ ...span, model: name })).toBe("invalid_id model")
  })
  test("a refusal never says the input again", () => {
    for (const field of ["model", "cost", "start", "currency", "kind", "type", "usage"])
      expect(judge({ ...span, [field]: "secret\u0000" })).toMatchObject({
        ok: false,
        rejection: { message: expect.not.stringContaining("secret") },
      })
  })

  test.each(["1e400", "-1e400", "1e200000", "9".repeat(400)])("B15 %s", (json) => {
    expect(verdict(wire(span, "usage", `{"input":${json}}`))).toBe("number_out_of_range usage.input")
    expect(verdict(wire(check, "score", json))).toBe("number_out_of_range score")
    expect(verdict(wire(span, "input", `[${json}]`))).toBe("number_out_of_range input[0]")
  })
  test.each(["9007199254740993", "9007199254740992", "1.5", "1e15", "1000000000001"])("B16 %s tokens", (json) => {
    expect(verdict(wire(span, "usage", `{"output":${json}}`))).toBe("number_out_of_range usage.output")
  })
  test("B16 a trillion tokens, and a sequence number as great as can be told apart", () => {
    expect(verdict({ ...span, usage: { input: 1e12 } })).toBe("ok")
    expect(verdict(wire(span, "seq", "9007199254740991"))).toBe("ok")
    expect(verdict(wire(span, "seq", "9007199254740993"))).toBe("number_out_of_range seq")
  })
})

describe("B17 to B21: money", () => {
  test.each([
    "NaN",
    "Infinity",
    "-Infinity",
    "1e3",
    "0x10",
    "1,000.00",
    " 1",
    "1 ",
    "",
    "-0",
    "+1",
    ".5",
    "5.",
    "１",
    "1_000",
    "123456789",
    "0.0000000000001",
  ])("B17 B19 %j", (text) => {
    expect(verdict({ ...span, cost: text })).toBe("invalid_decimal cost")
    expect(verdict({ ...cost, cost: text })).toBe("invalid_decimal cost")
  })
  test.each(["0", "0.000000000001", "99999999.999999999999", "00000001.5", "1000000.000000000001"])(
    "B17 B19 %s is an amount",
    (text) => {
      expect(verdict({ ...span, cost: text })).toBe("ok")
    },
  )
  test.each([0.01, 1, true, null, [1], {}, -0])("B32 a cost that is no text: %j", (value) => {
    expect(verdict({ ...span, cost: value })).toBe("invalid_type cost")
  })
  test("B18 negative amounts", () => {
    for (const text of ["-1", "-0.000000000001", "-99999999"])
      expect(verdict({ ...span, cost: text })).toBe("negative_amount cost")
    expect(verdict({ ...span, usage: { cache_read: -1 } })).toBe("negative_amount usage.cache_read")
    expect(verdict({ ...span, seq: -1 })).toBe("negative_amount seq")
    expect(verdict({ ...span, usage: { input: -0 } })).toBe("ok")
  })
  test("B20 currency", () => {
    expect(verdict({ ...span, cost: "1" })).toBe("ok")
    expect(verdict({ ...span, cost: "1", currency: "USD" })).toBe("ok")
    for (const currency of ["usd", "XXX", "EUR", "", " USD"]) {
      expect(verdict({ ...span, cost: "1", currency })).toBe("unknown_currency currency")
      expect(verdict({ ...cost, currency })).toBe("unknown_currency currency")
    }
    expect(verdict({ ...span, currency: 1 })).toBe("invalid_type currency")
  })
  test("B21 tokens without a price are no fault of the event", () => {
    expect(verdict({ ...span, model: "nobody-knows-it", usage: { input: 5 } })).toBe("ok")
  })
})

describe("B22 B24: time", () => {
  test.each([
    "0001-01-01T00:00:00Z",
    "9999-01-01T00:00:00Z",
    "294277-01-01T00:00:00Z",
    "0000-01-01",
    "2026-02-30T00:00:00Z",
    "2026-11-20T24:00:00Z",
    "2026-06-30T23:59:60Z",
    "2026-11-20T10:00:00",
    "2026-11-20T10:00:00+25:00",
    "1",
    "1763632800000",
    "-1763632800000",
    "",
  ])("B22 %j", (text) => {
    expect(verdict({ ...started, at: text })).toBe("bad_timestamp at")
    expect(verdict({ ...span, start: text })).toBe("bad_timestamp start")
    expect(verdict({ ...span, at: text })).toBe("bad_timestamp at")
    if (text !== "") expect(verdict({ ...span, end: text })).toBe("bad_timestamp end")
  })
  test("B22 an instant is text; every event has one", () => {
    expect(verdict({ ...started, at: 1763632800000 })).toBe("invalid_type at")
    expect(verdict({ ...started, at: undefined })).toBe("missing_field at")
    expect(verdict({ ...span, start: undefined })).toBe("missing_field start")
    expect(verdict({ ...span, start: undefined, end: null })).toBe("missing_field start")
    expect(verdict({ ...span, start: null })).toBe("invalid_type start")
  })
  test("B24 an end before the start is taken: the clock is suspect, not the event", () => {
    expect(verdict({ ...span, end: "2016-11-20T10:00:00Z" })).toBe("ok")
  })
})

describe("B28 to B33: shape", () => {
  test("B28 names of the prototype are plain data, everywhere", () => {
    for (const name of ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"]) {
      const inner = `{"${name}":{"isAdmin":true}}`
      for (const raw of [
        wire(span, name, inner),
        wire(span, "input", inner),
        JSON.parse(JSON.stringify(span).replace("{", `{"${name}":{"isAdmin":true},`)),
      ])
        expect(accepted(raw).body).toContain(`"${name}":{`)
      expect(verdict(wire(started, "tags", `{"${name}":"x"}`))).toBe("ok")
      expect(verdict({ ...span, type: name })).toBe("unknown_type type")
      expect(verdict({ id: "x", type: name })).toBe("unknown_type type")
    }
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
  })
  test("B30 unknown type", () => {
    for (const type of ["span.imagined", "", "SPAN", "span "])
      expect(verdict({ ...span, type })).toBe("unknown_type type")
    expect(verdict({ ...span, type: undefined })).toBe("missing_field type")
    for (const type of [1, null, ["span"], {}]) expect(verdict({ ...span, type })).toBe("invalid_type type")
  })
  test("B31 a newer minor version is taken with what it adds, a newer major is not", () => {
    expect(JSON.parse(accepted({ ...span, schema_version: "1.9", novelty: 1 }).body).novelty).toBe(1)
    for (const version of ["2", "2.0", "10.1"])
      expect(verdict({ ...span, schema_version: version })).toBe("unsupported_schema schema_version")
    // Refused before anything else, because the rest cannot be judged.
    expect(verdict({ schema_version: "2.0" })).toBe("unsupported_schema schema_version")
    expect(verdict({ ...span, schema_version: 2 })).toBe("invalid_type schema_version")
  })
  test.each<[string, unknown]>([
    ["usage.input", { usage: { input: "12" } }],
    ["usage.input", { usage: { input: true } }],
    ["usage.input", { usage: { input: [1] } }],
    ["usage.input", { usage: { input: {} } }],
    ["usage.input", { usage: { input: null } }],
    ["usage", { usage: 12 }],
    ["usage", { usage: [] }],
    ["usage", { usage: null }],
    ["seq", { seq: "1" }],
    ["attempt", { attempt: "1" }],
    ["model", { model: 5 }],
    ["run", { run: 5 }],
    ["id", { id: 5 }],
    ["tags", { tags: ["a"] }],
    ["tags.team", { tags: { team: 1 } }],
    ["name", { name: {} }],
    ["error", { error: 1 }],
  ])("B32 no coercion: %s", (field, change) => {
    expect(verdict({ ...span, ...(change as object) })).toBe(`invalid_type ${field}`)
  })
  test("B32 values outside a closed set, and what is required", () => {
    expect(verdict({ ...span, kind: "chat" })).toBe("invalid_value kind")
    expect(verdict({ ...span, status: "OK" })).toBe("invalid_value status")
    expect(verdict({ ...check, outcome: "pass" })).toBe("invalid_value outcome")
    expect(verdict({ ...check, artifact: `sha256:${"A".repeat(64)}` })).toBe("invalid_hash artifact")
    expect(verdict({ ...check, artifact: "sha256:abc" })).toBe("invalid_hash artifact")
    expect(verdict({ ...check, verifier: { hash: HASH } })).toBe("missing_field verifier.name")
    for (const [raw, field] of [
      [span, "id"],
      [span, "run"],
      [span, "span"],
      [check, "check"],
      [check, "outcome"],
    ] as const)
      expect(verdict({ ...raw, [field]: undefined })).toBe(`missing_field ${field}`)
  })
  test("B32 what is no object is no event", () => {
    for (const raw of [null, undefined, 1, "text", true, [], [span]]) expect(verdict(raw)).toBe("invalid_event null")
    expect(verdict({})).toBe("missing_field type")
  })
  test("B33 what the server decides is ignored, said, and no part of the identity", () => {
    const judged = judge({
      ...span,
      project_id: 99,
      received_at: AT,
      role: "admin",
      is_admin: true,
      sanitized: true,
      key_id: 5,
    })
    expect(judged).toMatchObject({
      ok: true,
      ignored: ["project_id", "received_at", "role", "is_admin", "sanitized", "key_id"],
    })
    if (!judged.ok) return
    expect(judged.event).toMatchObject({ projectId: 7, keyId: 3, receivedAt: scope.receivedAt, sanitized: false })
    expect(judged.event.bodyHash).toBe(accepted(span).bodyHash)
    expect(judge(span)).toMatchObject({ ignored: [] })
  })
  test("I11 256 KiB of an event are taken, measured in bytes after long texts are cut", () => {
    const frame = accepted({ ...span, input: [] }).body.length
    const fill = (bytes: number, letter = "z") => {
      const letters = Math.floor((bytes - frame - 4 * 3) / Buffer.byteLength(letter))
      const quarter = Math.floor(letters / 4)
      return [quarter, quarter, quarter, letters - 3 * quarter].map((n) => letter.repeat(n))
    }
    const whole = fill(LIMITS.eventBytes + 1)
    expect(accepted({ ...span, input: whole }).body.length).toBe(LIMITS.eventBytes)
    expect(verdict({ ...span, input: [...whole.slice(0, 3), `${whole[3]}z`] })).toBe("event_too_large null")
    expect(verdict({ ...span, input: fill(LIMITS.eventBytes + 20, "é") })).toBe("event_too_large null")
    expect(verdict({ ...span, input: "z".repeat(2_000_000) })).toBe("ok")
  })
  test("I11 depth", () => {
    expect(verdict(wire(span, "input", "[".repeat(31) + "]".repeat(31)))).toBe("ok")
    expect(verdict(wire(span, "input", "[".repeat(32) + "]".repeat(32)))).toMatch(/^too_deep input/)
    expect(verdict(wire(span, "input", "[".repeat(100_000) + "]".repeat(100_000)))).toMatch(/^too_deep input/)
  })
})

test("B37 text that looks like SQL or a pattern is text", () => {
  for (const text of ["'; drop table runs;--", "%", "_", "\\", '"', "{1,2}", "NULL", "$1"]) {
    const event = accepted({
      ...span,
      name: text,
      model: text,
      step: text,
      error: text,
      tags: { team: text },
      input: text,
    })
    expect(JSON.parse(event.body)).toMatchObject({ name: text, model: text, tags: { team: text }, input: text })
  }
})

describe("ids of other formats", () => {
  const judge = (extra: object, ids: "native" | "foreign") =>
    validate({ id: "e", type: "span", run: "r", span: "s", start: "2026-11-20T10:00:00Z", ...extra }, { ...scope, ids })

  test("are free text up to 800 characters, which our own are not", () => {
    for (const text of ["a/b c", "日本", "x".repeat(800), "я".repeat(640)]) {
      for (const field of ["id", "run", "span", "parent"]) {
        expect(judge({ [field]: text }, "foreign").ok).toBe(true)
        expect(judge({ [field]: text }, "native")).toMatchObject({ rejection: { code: "invalid_id", field } })
      }
    }
  })

  test("are refused when longer, empty, broken or with control characters", () => {
    for (const text of ["", "x".repeat(801), "日".repeat(500), "a\u0000", "a\nb", "\ud800"])
      for (const field of ["run", "span", "parent"])
        expect(judge({ [field]: text }, "foreign")).toMatchObject({ rejection: { code: "invalid_id", field } })
    expect(judge({ run: "" }, "foreign")).toMatchObject({ rejection: { message: expect.stringContaining("800") } })
  })
})

describe("what is stored of an event", () => {
  test("is its canonical JSON, whatever the order of its keys and whatever they are", () => {
    const names = fc.constantFrom("a", "b", "a.b", "10", "9", "Z", "é", "toString")
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>("", 'a"\\\n', 1.5, -0, true, null),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(names, tie("value"), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(value, fc.boolean(), (input, isFirst) => {
        const sorted = { id: "e1", input, run: "r1", span: "s1", start: AT, type: "span" }
        const { type, ...rest } = sorted
        const event = isFirst ? sorted : { type, ...rest }
        expect(accepted(event).body).toBe(canonicalJson(sorted))
      }),
      { numRuns: 500 },
    )
  })
})
