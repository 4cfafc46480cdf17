import { expect, test } from "vitest"
import { RUNS_DEFAULTS } from "@/components/data/defaults"
import { alikeHref } from "@/components/data/href-run"
import { parseFilters } from "@/lib/filters"

const NOW = Date.UTC(2026, 10, 20)
const filtersOf = (startedAt: string, value: string) => {
  const href = alikeHref("p", startedAt, NOW, "release", value)
  return href === null ? null : parseFilters(new URLSearchParams(href.split("?")[1]), RUNS_DEFAULTS)
}

test("runs alike are those of a range that holds the run's start, whatever the name", () => {
  const release = { release: ["~a&b=c, d"] }
  expect(filtersOf("2026-11-02T00:00:00Z", "~a&b=c, d")).toMatchObject({ last: "30d", dimensions: release })
  for (const startedAt of ["2026-08-02T10:00:00Z", "2027-12-01T00:00:00Z"]) {
    const found = filtersOf(startedAt, "~a&b=c, d")
    expect(found).toMatchObject({ project: "p", last: null, dimensions: release })
    expect(Date.parse(found?.from ?? "")).toBeLessThan(Date.parse(startedAt))
    expect(Date.parse(found?.to ?? "")).toBeGreaterThan(Date.parse(startedAt))
  }
  expect(filtersOf("2026-11-02T00:00:00Z", "x".repeat(1025))).toBeNull()
})
