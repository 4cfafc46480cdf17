import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { DOORS } from "@/lib/doors"
import { AppError } from "@/lib/errors"
import {
  COMPARES,
  DEFAULT_FILTERS,
  type Filters,
  LASTS,
  METRICS,
  type PageDefaults,
  parseFilters,
  SHAPES,
  SORTS,
  toQuery,
} from "@/lib/filters"
import { toIso } from "@/lib/time"
import {
  DIMENSIONS,
  type Dimension,
  EXCEPTION_KINDS,
  EXCEPTION_STATES,
  PROOFS,
  RUN_STATUSES,
  SEVERITIES,
  VERDICTS,
} from "@/lib/vocabulary"

const name = fc
  .oneof(
    fc.constantFrom(
      "~",
      "~~",
      "~-",
      "'; drop table runs;--",
      "%",
      "_",
      "\\",
      "a,b",
      "a&b=c",
      " x ",
      "none",
      "null",
      "__proto__",
    ),
    fc.string({ unit: "grapheme", maxLength: 40 }),
  )
  .filter((value) => !/[\0\p{Surrogate}]/u.test(value))
const nonEmpty = name.filter((value) => value !== "")
const subset = <T>(values: readonly T[]) => fc.subarray([...values])
const byCodeUnit = (a: string | null, b: string | null) =>
  a === b ? 0 : a === null ? -1 : b === null ? 1 : a < b ? -1 : 1
const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 0, 1) })
const period = fc.oneof(
  fc.constantFrom(...LASTS).map((last) => ({ last, from: null, to: null })),
  fc
    .tuple(instant, fc.integer({ min: 1, max: 1e10 }))
    .map(([from, length]) => ({ last: null, from: toIso(from), to: toIso(from + length) })),
  fc.tuple(instant, fc.integer({ min: 1, max: 100 })).map(([from, days]) => ({
    last: null,
    from: toIso(from).slice(0, 10),
    to: toIso(from + days * 86_400_000).slice(0, 10),
  })),
)
const dimensions = fc
  .array(fc.tuple(fc.constantFrom(...DIMENSIONS), fc.uniqueArray(fc.option(name), { minLength: 1, maxLength: 4 })))
  .map((entries) => {
    const out: Filters["dimensions"] = {}
    for (const [dimension, values] of entries) out[dimension as Dimension] = [...values].sort(byCodeUnit)
    return out
  })
const filters: fc.Arbitrary<Filters> = fc
  .tuple(
    period,
    fc.record({
      project: fc.option(nonEmpty),
      tz: fc.option(fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia")),
      by: subset(DIMENSIONS).map((d) => d.slice(0, 2)),
      grain: fc.option(fc.constantFrom("15m", "hour", "day", "week", "month")) as fc.Arbitrary<Filters["grain"]>,
      top: fc.integer({ min: 1, max: 50 }),
      metric: fc.constantFrom(...METRICS),
      compare: fc.constantFrom(...COMPARES),
      shape: fc.constantFrom(...SHAPES),
      dimensions,
      status: subset(RUN_STATUSES),
      proof: subset(PROOFS),
      outcome: subset(VERDICTS),
      check: fc.uniqueArray(nonEmpty, { maxLength: 3 }).map((v) => v.sort(byCodeUnit)),
      q: fc.option(nonEmpty),
      unpriced: fc.boolean(),
      failed: fc.boolean(),
      differing: fc.boolean(),
      state: subset(EXCEPTION_STATES),
      kind: subset(EXCEPTION_KINDS),
      severity: subset(SEVERITIES),
      assignee: fc.option(nonEmpty),
      fingerprint: fc.option(nonEmpty),
      code: fc.option(nonEmpty),
      door: fc.option(fc.constantFrom(...DOORS)),
      sort: fc.constantFrom(...SORTS),
      cursor: fc.option(nonEmpty),
      limit: fc.option(fc.integer({ min: 1, max: 5000 })),
    }),
  )
  .map(([range, rest]) => ({ ...rest, ...range }))

function refusal(query: string): string | undefined {
  try {
    parseFilters(new URLSearchParams(query))
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_filter") return error.field
    throw error
  }
  return undefined
}

describe("filters", () => {
  test("a query read back is the same filters, with any page's defaults", () => {
    fc.assert(
      fc.property(
        filters,
        fc.constantFrom<PageDefaults>(
          {},
          { by: ["model"] },
          { by: ["model"], perRunBy: ["workflow"] },
          { last: "24h", sort: "oldest" },
        ),
        (f, defaults) => {
          expect(parseFilters(new URLSearchParams(toQuery(f, defaults)), defaults)).toEqual(f)
        },
      ),
      { numRuns: 500 },
    )
  })

  test("defaults are left out of the URL, and keys are sorted", () => {
    expect(toQuery(DEFAULT_FILTERS)).toBe("")
    expect(toQuery({ ...DEFAULT_FILTERS, tz: "UTC", by: ["team"], limit: 5 })).toBe("by=team&limit=5&tz=UTC")
  })

  test("a page splits per run by what a run has, unless the address says by what", () => {
    const defaults: PageDefaults = { by: ["model"], perRunBy: ["workflow"] }
    const read = (query: string) => parseFilters(new URLSearchParams(query), defaults).by
    expect(read("")).toEqual(["model"])
    expect(read("shape=per_run")).toEqual(["workflow"])
    expect(read("shape=per_run&by=team")).toEqual(["team"])
    expect(read("shape=per_run&by=total")).toEqual([])
  })

  test("the object that a Next page gets reads like the URL", () => {
    const fromPage = parseFilters({ model: ["b", "a"], status: "halted", last: "7d", unknown: "x", q: "" })
    expect(fromPage).toEqual(parseFilters(new URLSearchParams("model=a&model=b&status=halted&last=7d")))
  })

  test("the value for none cannot be mistaken for a name", () => {
    expect(parseFilters(new URLSearchParams("team=~&team=~~")).dimensions.team).toEqual([null, "~"])
    expect(parseFilters(new URLSearchParams("team=none&team=null")).dimensions.team).toEqual(["none", "null"])
  })

  test("unknown parameters and empty values are ignored", () => {
    expect(parseFilters(new URLSearchParams("colour=red&q=&model=&from=&to=&__proto__=1"))).toEqual(DEFAULT_FILTERS)
  })

  test.each([
    ["last=8d", "last"],
    ["last=7d&last=30d", "last"],
    ["last=7d&from=2026-01-01&to=2026-01-02", "last"],
    ["from=2026-01-01", "to"],
    ["to=2026-01-01", "from"],
    ["from=2026-02-30&to=2026-03-01", "from"],
    ["from=2026-03-01&to=2026-03-01", "to"],
    ["from=1&to=2", "from"],
    ["from=2026-03-01T00:00:00&to=2026-03-02T00:00:00", "from"],
    ["tz=Mars/Olympus", "tz"],
    ["tz=%2B05:30", "tz"],
    ["by=colour", "by"],
    ["by=model,team,step", "by"],
    ["grain=minute", "grain"],
    ["sort=cost;drop table runs", "sort"],
    ["status=done", "status"],
    ["proof=yes", "proof"],
    ["outcome=ok", "outcome"],
    ["limit=0", "limit"],
    ["limit=5001", "limit"],
    ["limit=1e3", "limit"],
    ["top=51", "top"],
    ["metric=dollars", "metric"],
    ["compare=last_year", "compare"],
    ["shape=pie", "shape"],
    ["unpriced=yes", "unpriced"],
    ["failed=2", "failed"],
    ["model=%00", "model"],
    ["team=~x", "team"],
    [`q=${"x".repeat(801)}`, "q"],
  ])("%s is refused by name", (query, field) => {
    expect(refusal(query)).toBe(field)
  })

  test("B37 hostile text is taken as it is, nothing is escaped away or believed", () => {
    for (const hostile of ["'; drop table runs;--", "%", "_", "\\", "$(id)", "{{7*7}}"]) {
      const query = new URLSearchParams([
        ["q", hostile],
        ["workflow", hostile],
        ["check", hostile],
      ])
      const parsed = parseFilters(query)
      expect([parsed.q, parsed.dimensions.workflow, parsed.check]).toEqual([hostile, [hostile], [hostile]])
    }
  })
})
