import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { EventSchema, ForeignEventSchema, Span } from "@/lib/contracts/events"
import { isPlainSpan } from "./plain-span"

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
        ...{
          kind: "llm",
          name: "extract fields",
          step: "step-1",
          provider: "openai",
          model: "gpt-5",
          seq: 4,
          attempt: 1,
        },
        ...{ start: "2026-11-20T10:00:00Z", end: "2026-11-20T10:00:01Z", status: "ok", cost: "0.001", parent: "s0" },
        ...{
          usage: { input: 1, cache_write_1h: 2, images: 1 },
          tags: { team: "a" },
          input: "x\ny",
          output: { a: [1] },
        },
      },
    ],
    [
      "of another format",
      true,
      {
        ...{
          id: "otlp:0af7:b7ad check 1",
          run: "a run",
          span: "b/7",
          parent: null,
          response_model: "gpt-5",
          error: "no\n",
        },
        ...{ workflow: "w", environment: "production", release: "1.0", attributes: { "gen_ai.system": "openai" } },
        ...{ source: { format: "otlp", convention: "gen_ai", mapping_version: 1, flags: ["a"], resource: { a: "b" } } },
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
