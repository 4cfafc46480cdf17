import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { EventSchema, ForeignEventSchema, Span } from "@/lib/contracts/events"
import { LIMITS } from "./inspect"
import { isPlainSpan } from "./plain-span"
import { validate } from "./validate"

const BASE = { id: "e1", type: "span", run: "r1", span: "s1" }
/** What stands at some edge of some rule; every field is given all of them. */
const EDGES = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      "",
      " ",
      " a",
      "a ",
      "a b",
      "ok",
      "llm",
      "span",
      "a\n",
      "a\u0000",
      "\ud800",
      "ü",
      "a\u007f",
      "{}",
      "-1",
      "1.5",
      "1e3",
    ],
    ...["x".repeat(128), "x".repeat(129), "x".repeat(256), "x".repeat(257), "x".repeat(800), "x".repeat(801)],
    ...["x".repeat(832), "x".repeat(833), "x".repeat(1024), "x".repeat(1025), "ü".repeat(800), "12345678.123456789012"],
    ...[0, -0, 1, -1, 0.5, 1e12, 1e12 + 1, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, null, undefined, true],
    ...[
      [],
      {},
      ["a"],
      { a: "b" },
      { a: 1 },
      { a: undefined },
      { input: 3, output: 1e12 },
      { input: -1 },
      { inputs: 1 },
    ],
    ...[JSON.parse('{"__proto__":"x"}'), { format: "otlp" }, { format: 1 }, { format: "otlp", mapping_version: 1 }],
    ...[
      { format: "otlp", flags: ["a"], convention: "c" },
      { format: "otlp", flags: [1] },
      { format: "otlp", flags: "a" },
    ],
    ...[
      { format: "otlp", mapping_version: -1 },
      { format: "otlp", convention: 1 },
      { format: "otlp", scope: 3 },
    ],
  ),
  fc.string({ unit: "binary" }),
)
const FIELDS = [...Object.keys(Span.shape), "outcome", "__proto__"]

describe("a span that is plainly good", () => {
  test.each([
    [false, EventSchema],
    [true, ForeignEventSchema],
  ] as const)("is one that the schema takes as it is (foreign: %s)", (isForeign, schema) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...FIELDS), EDGES), { maxLength: 4 }), (changes) => {
        const span: Record<string, unknown> = { ...BASE, start: "2026-11-20T10:00:00Z" }
        for (const [field, value] of changes)
          Object.defineProperty(span, field, { value, enumerable: true, configurable: true, writable: true })
        if (!isPlainSpan(span, isForeign)) return
        const parsed = schema.safeParse(span)
        expect(parsed.error?.issues ?? []).toEqual([])
        // What decoders keep for reading again stands as it is.
        const { source: _, attributes: _a, ...rest } = span
        const { source: __, attributes: __a, ...taken } = parsed.data as Record<string, unknown>
        expect(taken).toEqual(rest)
      }),
      { numRuns: 5_000 },
    )
  })

  test.each<[string, boolean, object]>([
    [
      "of ours",
      false,
      {
        kind: "llm",
        name: "extract fields",
        step: "step-1",
        provider: "openai",
        model: "gpt-5",
        seq: 4,
        attempt: 1,
        start: "2026-11-20T10:00:00Z",
        end: "2026-11-20T10:00:01Z",
        status: "ok",
        cost: "0.001",
        parent: "s0",
        usage: { input: 1, cache_write_1h: 2, images: 1 },
        tags: { team: "a" },
        input: "x\ny",
        output: { a: [1] },
      },
    ],
    [
      "of another format",
      true,
      {
        id: "otlp:0af7:b7ad check 1",
        run: "a run",
        span: "b/7",
        parent: null,
        response_model: "gpt-5",
        error: "no\n",
        workflow: "w",
        environment: "production",
        release: "1.0",
        attributes: { "gen_ai.system": "openai" },
        source: { format: "otlp", convention: "gen_ai", mapping_version: 1, flags: ["a"], resource: { a: "b" } },
      },
    ],
  ])("is known without asking: %s", (_, isForeign, more) => {
    expect(isPlainSpan({ ...BASE, ...more }, isForeign)).toBe(true)
  })

  test("is none that misses what it needs, or is no span", () => {
    for (const field of Object.keys(BASE)) expect(isPlainSpan({ ...BASE, [field]: undefined }, true)).toBe(false)
    expect(isPlainSpan({ ...BASE, type: "cost" }, false)).toBe(false)
  })
})

/** Texts that cleaning changes, and such as only look so when they are written. */
const TEXTS = fc.oneof(
  fc.constantFrom(
    ...["a\u0000", "a\u0008b", "\u000b", "\f", "a\u001f", "a\u007f", "\ud800", "a\udc00b", "\u{1f600}", "ü\u0085"],
    ...[
      "a\tb\r\n",
      "C:\\users\\bob",
      "\\u0041",
      '{"a":"\\\\u2019"}',
      "x".repeat(LIMITS.text),
      "x".repeat(LIMITS.text + 1),
    ],
  ),
  fc.string({ unit: "binary" }),
)
const LEAVES = fc.oneof(TEXTS, fc.constantFrom<unknown>(0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, null, true))
const nested = (depth: number) => Array.from({ length: depth }).reduce((inner) => [inner], "x" as unknown)

test("a span that is taken by its look is stored as the whole examination stores it", () => {
  const scope = { projectId: 7, keyId: 3, currency: "USD", receivedAt: Date.UTC(2026, 10, 20, 12) }
  const payload = fc.oneof(
    LEAVES,
    fc.array(LEAVES, { maxLength: 3 }),
    fc.dictionary(TEXTS, LEAVES, { maxKeys: 4 }),
    fc.integer({ min: LIMITS.depth - 3, max: LIMITS.depth + 1 }).map(nested),
    fc.constantFrom(LIMITS.items, LIMITS.items + 1).map((length) => new Array(length).fill(1)),
  )
  const fields = {
    input: payload,
    name: TEXTS,
    error: TEXTS,
    attributes: fc.dictionary(TEXTS, payload, { maxKeys: 3 }),
  }
  const found = { ok: 0, plain: 0 }
  fc.assert(
    fc.property(fc.record(fields, { requiredKeys: [] }), fc.constantFrom("native", "foreign"), (more, ids) => {
      const span = { ...BASE, ...more, start: "2026-11-20T10:00:00Z" }
      // A field that is the server's is looked for by the whole examination alone, and left out of what is stored.
      const [quick, whole] = [span, { ...span, entry: 1 }].map((raw) => validate(raw, { ...scope, ids } as const))
      if (quick?.ok) found.ok++
      if (quick?.ok && !quick.event.sanitized) found.plain++
      expect(quick).toEqual(whole?.ok ? { ...whole, ignored: [] } : whole)
    }),
    { numRuns: 1_500 },
  )
  expect(found.plain).toBeGreaterThan(50)
  expect(found.ok).toBeGreaterThan(found.plain + 50)
})
