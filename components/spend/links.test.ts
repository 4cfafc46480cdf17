import { expect, test } from "vitest"
import { SPEND_DEFAULTS } from "@/components/data/defaults"
import {
  allHref,
  drillInto,
  groupHref,
  groupUnpricedHref,
  runsHref,
  shownCsvHref,
  unpricedHref,
} from "@/components/spend/links"
import { groupOf } from "@/components/spend/testing"
import type { SpendGroup } from "@/lib/contracts/read"
import { DEFAULT_FILTERS, type Filters, parseFilters } from "@/lib/filters"

const filters: Filters = {
  ...DEFAULT_FILTERS,
  by: ["team"],
  dimensions: { provider: ["openai"] },
  last: "7d",
  metric: "tokens",
  compare: "previous",
  top: 3,
}
const group = (key: (string | null)[], more: Partial<SpendGroup> = {}): SpendGroup => groupOf(key, ["1"], more)
const rest = (members: (string | null)[] | null) => group([], { is_other: true, members })
const read = (href: string | null) => parseFilters(new URL(href ?? "", "http://x").searchParams, SPEND_DEFAULTS)
const DAY = { at: "2026-11-19T00:00:00.000Z", until: "2026-11-20T00:00:00.000Z" }

test("a row leads to its calls: its own value on top of the filters in force, and nothing of how the page is drawn", () => {
  expect(read(groupHref(filters, ["team"], group(["a&b=c"])))).toEqual({
    ...DEFAULT_FILTERS,
    by: ["model"],
    last: "7d",
    dimensions: { provider: ["openai"], team: ["a&b=c"] },
  })
})
test("a row of events that carry no value leads to exactly those", () => {
  expect(read(groupHref(filters, ["team"], group([null]))).dimensions.team).toEqual([null])
})
test("the rest past the top leads to its members where they are known, else nowhere: no filter can name it", () => {
  expect(read(groupHref(filters, ["team"], rest(["b", null]))).dimensions.team).toEqual([null, "b"])
  expect(groupHref(filters, ["team"], rest(null))).toBeNull()
  expect(groupUnpricedHref(filters, ["team"], rest(null))).toBeNull()
})
test("members too long for an address lead nowhere", () => {
  expect(groupHref(filters, ["team"], rest(Array.from({ length: 50 }, (_, i) => `${i}${"x".repeat(500)}`)))).toBeNull()
})
test("a mark leads to its own bucket", () => {
  expect(read(groupHref(filters, ["team"], group(["a"]), DAY))).toMatchObject({
    last: null,
    from: DAY.at,
    to: DAY.until,
  })
  expect(read(allHref(filters, DAY))).toMatchObject({ from: DAY.at, dimensions: filters.dimensions })
})
test("the sentence about unpriced calls leads to those calls", () => {
  expect(read(unpricedHref(filters, { model: ["m"] }))).toMatchObject({ unpriced: true, dimensions: { model: ["m"] } })
})
test("runs are offered only where a run as a whole has the dimension, and no filter is left out", () => {
  const ofRuns: Filters = { ...filters, dimensions: {} }
  expect(runsHref(ofRuns, ["team"], group(["a"]))).toBe("/runs?last=7d&team=a")
  expect(runsHref(ofRuns, ["model"], group(["m"]))).toBeNull()
  expect(runsHref(filters, ["team"], group(["a"])), "a provider is nothing that a run has").toBeNull()
})
test("into a group: its value becomes a filter and the split the next thing that it is made of", () => {
  expect(drillInto(filters, { by: ["model"] }, group(["m"]))).toEqual({
    dimensions: { provider: ["openai"], model: ["m"] },
    by: ["workflow"],
  })
  expect(drillInto({ ...filters, dimensions: { workflow: ["w"] } }, { by: ["model"] }, group(["m"]))?.by).toEqual([
    "step",
  ])
  expect(drillInto({ ...filters, shape: "per_run" }, { by: ["workflow"] }, group(["w"]))?.by).toEqual(["release"])
  expect(drillInto(filters, { by: ["team"] }, rest(["b"]))).toEqual({
    dimensions: { provider: ["openai"], team: ["b"] },
  })
  expect(drillInto(filters, { by: [] }, group([]))).toBeNull()
})
test("the file of the page asks for what the page shows", () => {
  expect(parseFilters(new URL(shownCsvHref(filters), "http://x").searchParams)).toEqual(filters)
})
