import { expect, test } from "vitest"
import { groupOf, pointOf, spendOf } from "@/components/spend/testing"
import { DEFAULT_FILTERS } from "@/lib/filters"
import { shownCsv } from "./shown-csv"

const lines = (...of: Parameters<typeof shownCsv>) =>
  shownCsv(...of)
    .text.trimEnd()
    .split("\r\n")
const answer = spendOf([
  groupOf(["=HYPERLINK(1)"], ["0.1", null, "0"]),
  groupOf([], ["1", "0", "2.25"], { is_other: true }),
])

test("one line a bucket and group as the page shows them; the last is the headline with the number of lines", () => {
  expect(lines(answer, DEFAULT_FILTERS)).toEqual([
    "day,model,is_other,calls,unpriced_calls,tokens,cost,currency",
    `"2026-11-18","'=HYPERLINK(1)","no",1,0,10,0.1,"USD"`,
    `"2026-11-19","'=HYPERLINK(1)","no",1,1,10,,"USD"`,
    `"2026-11-20","'=HYPERLINK(1)","no",0,0,0,0,"USD"`,
    `"2026-11-18",,"yes",1,0,10,1,"USD"`,
    `"2026-11-19",,"yes",0,0,0,0,"USD"`,
    `"2026-11-20",,"yes",1,0,10,2.25,"USD"`,
    `"# total","rows: 6",,4,0,0,3.35,"USD"`,
  ])
})

test("what is shown beside the figures stands in the file too", () => {
  const before = { ...groupOf([], []), runs: null, series: [pointOf("7")] }
  const previous = {
    range: answer.range,
    buckets: ["2026-10-18T00:00:00.000Z"],
    total: { ...before, cost: "7", calls: 1 },
  }
  const group = groupOf(["m"], ["1", "2", "3"], { previous: before })
  const text = lines(spendOf([group], { previous }), { ...DEFAULT_FILTERS, shape: "cumulative" })
  expect(text[0]).toMatch(/cost,cost_so_far,previous_day,previous_calls,.*previous_cost,currency$/)
  expect(text[1]).toMatch(/,1,1,"2026-10-18",1,0,10,7,"USD"$/)
  expect(text[2]).toMatch(/,2,3,,,,,,"USD"$/)
  expect(text.at(-1)).toMatch(/^"# total","rows: 3",.*,6,6,,1,.*,7,"USD"$/)
})

test("without a grouping the number of lines stands beside the word", () => {
  const text = lines(spendOf([groupOf([], ["1", "1", "1"])], { by: [] }), DEFAULT_FILTERS)
  expect(text.at(-1)).toMatch(/^"# total, rows: 3",/)
})
