"use client"

import { Chip } from "@/components/ui/chip"
import { DIMENSION_WORDS, valueLabel } from "@/lib/dimension-words"
import type { Filters } from "@/lib/filters"
import { DIMENSIONS, type Dimension } from "@/lib/vocabulary"

type Change = (change: Partial<Filters>) => void

/** The filters in force, each with a button that takes it away. */
export function FilterChips({ filters, change }: { filters: Filters; change: Change }) {
  const chips = DIMENSIONS.flatMap((dimension) =>
    (filters.dimensions[dimension] ?? []).map((value) => ({ dimension, value })),
  )
  const remove = (dimension: Dimension, value: string | null) => {
    const dimensions = { ...filters.dimensions }
    const left = (dimensions[dimension] ?? []).filter((candidate) => candidate !== value)
    if (left.length === 0) delete dimensions[dimension]
    else dimensions[dimension] = left
    change({ dimensions })
  }
  if (chips.length === 0 && !filters.unpriced && !filters.failed && !filters.differing) return null
  return (
    <ul className="flex flex-wrap gap-2" aria-label="Filters">
      {chips.map(({ dimension, value }) => (
        <li key={`${dimension} ${value}`}>
          <Chip
            text={`${DIMENSION_WORDS[dimension].one}: ${valueLabel(dimension, value)}`}
            remove={() => remove(dimension, value)}
          />
        </li>
      ))}
      {filters.failed ? (
        <li>
          <Chip text="failed" remove={() => change({ failed: false })} />
        </li>
      ) : null}
      {filters.differing ? (
        <li>
          <Chip text="reported cost is off" remove={() => change({ differing: false })} />
        </li>
      ) : null}
      {filters.unpriced ? (
        <li>
          <Chip text="without a price" remove={() => change({ unpriced: false })} />
        </li>
      ) : null}
    </ul>
  )
}
