import type { SpendGroup } from "@/lib/contracts/read"
import { shortenMiddle } from "@/lib/format"
import { DIMENSIONS, type Dimension } from "@/lib/vocabulary"

/** How a dimension reads in a sentence and in a select. */
export const DIMENSION_WORDS: Record<Dimension, { one: string; many: string }> = {
  provider: { one: "provider", many: "providers" },
  model: { one: "model", many: "models" },
  workflow: { one: "workflow", many: "workflows" },
  step: { one: "step", many: "steps" },
  environment: { one: "environment", many: "environments" },
  release: { one: "release", many: "releases" },
  team: { one: "team", many: "teams" },
  customer: { one: "customer", many: "customers" },
  key: { one: "ingest key", many: "ingest keys" },
}

/** A value of a dimension; the events of null carry none, and an empty name is shown as what it is. */
export function valueLabel(dimension: Dimension, value: string | null): string {
  if (value === null) return `no ${DIMENSION_WORDS[dimension].one}`
  return value === "" ? '""' : value
}

/** Values said of one dimension, and how much of a long one. */
const NAMED = 2
const LONGEST = 40

/** What narrows a page, for the middle of a sentence: `workflow a, model b or c`. */
export function filterWords(dimensions: Partial<Record<Dimension, readonly (string | null)[]>>): string {
  const parts = DIMENSIONS.flatMap((dimension) => {
    const asked = dimensions[dimension] ?? []
    // Filters come with "none" first; after the word of its dimension a name reads better.
    const values = [...asked.filter((value) => value !== null), ...asked.filter((value) => value === null)]
    if (values.length === 0) return []
    const named = values.slice(0, NAMED).map((value) => shortenMiddle(valueLabel(dimension, value), LONGEST))
    if (values.length > NAMED) named.push(`${values.length - NAMED} more`)
    return [values[0] === null ? named.join(" or ") : `${DIMENSION_WORDS[dimension].one} ${named.join(" or ")}`]
  })
  return parts.join(", ")
}

/** The name of a row or series: its values in the order of the grouping. */
export function groupLabel(group: Pick<SpendGroup, "key" | "is_other">, by: readonly Dimension[]): string {
  if (group.is_other) return "other"
  if (by.length === 0) return "all"
  return by.map((dimension, i) => valueLabel(dimension, group.key[i] ?? null)).join(" · ")
}
