"use client"

import { useState } from "react"
import { FilterChips } from "@/components/frame/filter-chips"
import { OF_RUNS } from "@/components/spend/links"
import { Choose } from "@/components/ui/choose"
import { Icon } from "@/components/ui/icon"
import { Segmented } from "@/components/ui/segmented"
import { Sheet } from "@/components/ui/sheet"
import type { Grain } from "@/lib/contracts/read"
import { DIMENSION_WORDS } from "@/lib/dimension-words"
import type { Filters, Metric, Shape } from "@/lib/filters"
import { DIMENSIONS } from "@/lib/vocabulary"

type Change = (change: Partial<Filters>) => void
const BY = DIMENSIONS.map((dimension) => [dimension, DIMENSION_WORDS[dimension].one] as const)
const GRAINS: Record<Grain, string> = { "15m": "15 minutes", hour: "hour", day: "day", week: "week", month: "month" }
const GRAIN_ORDER = Object.keys(GRAINS) as Grain[]
const METRIC_WORDS: readonly (readonly [Metric, string])[] = [
  ["cost", "Money"],
  ["tokens", "Tokens"],
  ["calls", "Calls"],
]
const SHAPES: readonly (readonly [Shape, string])[] = [
  ["bars", "Each"],
  ["cumulative", "Summed up"],
  ["per_run", "Per run"],
]
const TOPS = [3, 5, 8, 20, 50]

type SpendControlsProps = {
  filters: Filters
  /** Grains that the range can be cut in; undefined until an answer is there. */
  grains: readonly Grain[] | undefined
  change: Change
}

/** What is measured, how it is split and drawn, what it is set against, and what is filtered. */
export function SpendControls({ filters, grains, change }: SpendControlsProps) {
  const [isOpen, setIsOpen] = useState(false)
  const [first, second] = filters.by
  const isPerRun = filters.shape === "per_run"
  const offered = isPerRun ? BY.filter(([dimension]) => OF_RUNS.includes(dimension)) : BY
  const fitting = GRAIN_ORDER.filter((grain) => grain === filters.grain || (grains ?? GRAIN_ORDER).includes(grain))
  const tops = [...new Set([...TOPS, filters.top])].sort((a, b) => a - b)
  const toShape = (shape: Shape) => {
    if (shape !== "per_run") return change({ shape })
    const by = filters.by.filter((dimension) => OF_RUNS.includes(dimension))
    change({ shape, by: by.length === 0 && filters.by.length > 0 ? ["workflow"] : by })
  }
  const measure = (
    <Segmented
      label="Measure"
      value={filters.metric}
      options={METRIC_WORDS}
      onChange={(metric) => change({ metric })}
    />
  )
  const drawn = (
    <>
      <Segmented label="Drawn" value={filters.shape} options={SHAPES} onChange={toShape} />
      <label className="flex min-h-8 items-center gap-2 text-label text-ink-11">
        <input
          type="checkbox"
          checked={filters.compare === "previous"}
          onChange={(event) => change({ compare: event.target.checked ? "previous" : "none" })}
        />
        Period before
      </label>
    </>
  )
  const cut = (
    <>
      <Choose
        label="Split by"
        value={first ?? "total"}
        options={[...offered, ["total", "nothing"] as const]}
        onChange={(value) =>
          change({ by: value === "total" ? [] : [value, ...filters.by.slice(1).filter((other) => other !== value)] })
        }
      />
      <Choose
        label="then by"
        value={second ?? "none"}
        options={[["none", "nothing"] as const, ...(first ? offered.filter(([dimension]) => dimension !== first) : [])]}
        onChange={(value) => first && change({ by: value === "none" ? [first] : [first, value] })}
      />
      <Choose
        label="Bars per"
        value={filters.grain ?? "auto"}
        options={[["auto", "automatic"] as const, ...fitting.map((grain) => [grain, GRAINS[grain]] as const)]}
        onChange={(value) => change({ grain: value === "auto" ? null : value })}
      />
      <Choose
        label="Apart"
        value={String(filters.top)}
        options={tops.map((top) => [String(top), `top ${top}`] as const)}
        onChange={(value) => change({ top: Number(value) })}
      />
    </>
  )
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {measure}
        {/* A phone has the chart in sight first: the rest of the choices come up over it. */}
        <button type="button" className="button spend-view" onClick={() => setIsOpen(true)}>
          <Icon name="filter" size={14} /> View
        </button>
        <div className="spend-desk">{drawn}</div>
      </div>
      <div className="spend-choices">
        <div className="spend-desk">{cut}</div>
        <FilterChips filters={filters} change={change} />
      </div>
      <Sheet title="View" open={isOpen} onClose={() => setIsOpen(false)}>
        <div className="spend-sheet">
          {drawn}
          {cut}
        </div>
      </Sheet>
    </div>
  )
}
