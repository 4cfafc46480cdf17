import { describe, expect, test } from "vitest"
import { VERIFICATIONS_DEFAULTS } from "@/components/data/defaults"
import type { VerificationSeries } from "@/lib/contracts/verifications"
import { parseFilters } from "@/lib/filters"
import { bucketHref, groupHref, JUDGED, NO_VERDICT, narrowTo, resultsHref, uncheckedHref } from "./links"

const read = (query: string) => parseFilters(new URLSearchParams(query), VERIFICATIONS_DEFAULTS)
const of = (href: string | null) => read(href?.split("?")[1] ?? "")
const filters = read("project=demo&last=30d&by=workflow&team=billing&outcome=failed&cursor=abc")
const series: Pick<VerificationSeries, "by" | "part" | "range" | "buckets"> = {
  by: "workflow",
  part: null,
  range: { from: "2026-11-18T06:15:00.000Z", to: "2026-11-20T10:15:00.000Z", is_snapped: true },
  buckets: ["2026-11-18T00:00:00.000Z", "2026-11-19T00:00:00.000Z", "2026-11-20T00:00:00.000Z"],
}
const group = (name: string | null) => ({ name, is_other: false })

describe("the list behind a figure", () => {
  test("has the filters of the page, the group, the outcomes of the column, and begins at its first page", () => {
    const found = of(groupHref(filters, series, group("w"), JUDGED))
    expect(found).toMatchObject({ project: "demo", last: "30d", outcome: JUDGED, cursor: null, by: [] })
    expect(found.dimensions).toEqual({ team: ["billing"], workflow: ["w"] })
  })
  test("names the runs that carry none, and hostile names as they are", () => {
    expect(of(groupHref(filters, series, group(null), NO_VERDICT)).dimensions.workflow).toEqual([null])
    for (const name of ["~", "a&b=c#d", "<script>", ""])
      expect(of(groupHref(filters, series, group(name), JUDGED)).dimensions.workflow).toEqual([name])
    expect(of(groupHref(filters, { ...series, by: "check" }, group("a b"), JUDGED)).check).toEqual(["a b"])
  })
  test("is none for other: no filter names it", () => {
    expect(groupHref(filters, series, { name: null, is_other: true }, JUDGED)).toBeNull()
  })
  test("of a bucket ends with the bucket, and with the range where that cuts the bucket", () => {
    const range = (i: number) => {
      const { last, from, to } = of(bucketHref(filters, series, group("w"), i, JUDGED))
      return [last, from, to]
    }
    expect(range(0)).toEqual([null, "2026-11-18T06:15:00.000Z", "2026-11-19T00:00:00.000Z"])
    expect(range(1)).toEqual([null, "2026-11-19T00:00:00.000Z", "2026-11-20T00:00:00.000Z"])
    expect(range(2)).toEqual([null, "2026-11-20T00:00:00.000Z", "2026-11-20T10:15:00.000Z"])
    expect(bucketHref(filters, series, group("w"), 3, JUDGED)).toBeNull()
  })
  test("by model is the stretch that was looked into", () => {
    const part = { since: "2026-11-19T12:00:00.000Z", read: 10, of: 20 }
    const byModel = { ...series, by: "model" as const, part }
    expect(of(groupHref(filters, byModel, group("m"), JUDGED))).toMatchObject({
      last: null,
      from: part.since,
      to: series.range.to,
      dimensions: { team: ["billing"], model: ["m"] },
    })
    expect(of(bucketHref(filters, byModel, group("m"), 1, JUDGED)).from).toBe(part.since)
    expect(bucketHref(filters, byModel, group("m"), 0, JUDGED)).toBeNull()
  })
  test("a check added to those chosen replaces them: the figure is of that one", () => {
    expect(of(resultsHref(narrowTo(read("check=a&check=b"), "check", "a"), ["failed"])).check).toEqual(["a"])
  })
  test("runs without a check keep the filters that runs have, and neither check nor outcome", () => {
    const found = parseFilters(new URLSearchParams(uncheckedHref(read("check=a&outcome=failed&team=t")).split("?")[1]))
    expect(found).toMatchObject({ proof: ["unchecked"], check: [], outcome: [], dimensions: { team: ["t"] } })
  })
})
