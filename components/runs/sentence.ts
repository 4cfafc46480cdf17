import type { Facets } from "@/lib/contracts/facets"
import type { RunPage } from "@/lib/contracts/runs"
import type { Filters } from "@/lib/filters"
import { formatCount, plural } from "@/lib/format"

/** The page's first line: how many runs, and how many of them need a person. The words after the count are left out where a choice of theirs is made. */
export function runsSentence(page: RunPage, facets: Facets | undefined, filters: Filters): string {
  if (page.count === null) return "Runs that match, as far as the list has looked"
  const count = page.count.is_capped ? "More than 10,000 runs" : plural(page.count.value, "run")
  if (page.search !== null) return `${count} found`
  if (filters.status.length + filters.proof.length > 0)
    return `${count} ${page.count.value === 1 ? "matches" : "match"}`
  const of = (facet: string, value: string) =>
    facets?.facets.find(({ name }) => name === facet)?.values.find((one) => one.value === value)?.count ?? 0
  const parts = [
    [of("status", "halted") + of("status", "halting"), "halted"],
    [of("status", "failed"), "failed"],
    [of("proof", "unproven"), "unproven"],
    [of("status", "running"), "running"],
  ] as const
  const words = parts.filter(([value]) => value > 0).map(([value, word]) => `${formatCount(value)} ${word}`)
  return words.length === 0 ? count : `${count}: ${words.join(", ")}`
}
