"use client"

import { FilterChips } from "@/components/frame/filter-chips"
import { Choose } from "@/components/ui/choose"
import type { Grain } from "@/lib/contracts/read"
import { DIMENSION_WORDS } from "@/lib/dimension-words"
import type { Filters } from "@/lib/filters"
import { DIMENSIONS } from "@/lib/vocabulary"

type Change = (change: Partial<Filters>) => void
const BY = DIMENSIONS.map((dimension) => [dimension, DIMENSION_WORDS[dimension].one] as const)
const GRAINS: readonly (readonly [Grain | "auto", string])[] = [
  ["auto", "automatic"],
  ["15m", "15 minutes"],
  ["hour", "hour"],
  ["day", "day"],
  ["week", "week"],
  ["month", "month"],
]

/** What the money is split by, how finely, and what is filtered. */
export function SpendControls({ filters, change }: { filters: Filters; change: Change }) {
  const [first, second] = filters.by
  const rest = BY.filter(([dimension]) => dimension !== first)
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Choose
        label="Split by"
        value={first ?? "total"}
        options={[...BY, ["total", "nothing"] as const]}
        onChange={(value) => change({ by: value === "total" ? [] : [value] })}
      />
      <Choose
        label="then by"
        value={second ?? "none"}
        options={[["none", "nothing"] as const, ...(first ? rest : [])]}
        onChange={(value) => first && change({ by: value === "none" ? [first] : [first, value] })}
      />
      <Choose
        label="Bars per"
        value={filters.grain ?? "auto"}
        options={GRAINS}
        onChange={(value) => change({ grain: value === "auto" ? null : value })}
      />
      <FilterChips filters={filters} change={change} />
    </div>
  )
}
