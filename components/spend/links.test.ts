import { expect, test } from "vitest"
import { SPEND_DEFAULTS } from "@/components/data/spend"
import { bucketHref, groupHref, runsHref, unpricedHref } from "@/components/spend/links"
import { groupOf } from "@/components/spend/testing"
import type { SpendGroup } from "@/lib/contracts/read"
import { DEFAULT_FILTERS, type Filters, parseFilters } from "@/lib/filters"

const filters: Filters = { ...DEFAULT_FILTERS, by: ["team"], dimensions: { provider: ["openai"] }, last: "7d" }
const group = (key: (string | null)[], is_other = false): SpendGroup => groupOf(key, ["1"], { is_other })
const read = (href: string | null) => parseFilters(new URL(href ?? "", "http://x").searchParams, SPEND_DEFAULTS)

test("a row leads to spans with its own value on top of the filters in force", () => {
  expect(read(groupHref(filters, ["team"], group(["a&b=c"])))).toMatchObject({
    last: "7d",
    dimensions: { provider: ["openai"], team: ["a&b=c"] },
  })
})
test("a row of events that carry no value leads to exactly those", () => {
  expect(read(groupHref(filters, ["team"], group([null]))).dimensions.team).toEqual([null])
})
test("the rest past the top has no link of its own: no filter can name it", () => {
  expect(groupHref(filters, ["team"], group([], true))).toBeNull()
})
test("a mark leads to its own bucket", () => {
  const bucket = { at: "2026-11-19T00:00:00.000Z", until: "2026-11-20T00:00:00.000Z" }
  expect(read(bucketHref(filters, { by: ["team"] }, group(["a"]), bucket))).toMatchObject({
    last: null,
    from: bucket.at,
    to: bucket.until,
  })
})
test("the sentence about unpriced calls leads to those calls", () => {
  expect(read(unpricedHref(filters, { model: ["m"] }))).toMatchObject({ unpriced: true, dimensions: { model: ["m"] } })
})
test("runs are offered only where a run as a whole has the dimension", () => {
  expect(runsHref(filters, ["team"], group(["a"]))).toBe("/runs?last=7d&team=a")
  expect(runsHref(filters, ["model"], group(["m"]))).toBeNull()
})
