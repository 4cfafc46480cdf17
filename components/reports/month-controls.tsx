"use client"

import { Choose } from "@/components/ui/choose"
import { Icon } from "@/components/ui/icon"
import type { MonthReport } from "@/lib/contracts/reports"
import { DIMENSION_WORDS } from "@/lib/dimension-words"
import { addMonths, monthsBetween, monthWords } from "@/lib/month"
import { DIMENSIONS, type Dimension } from "@/lib/vocabulary"

type MonthControlsProps = {
  report: MonthReport | undefined
  setMonth: (month: string) => void
  by: Dimension | undefined
  setBy: (by: Dimension) => void
}

/** What finance asks for first. */
const FIRST: readonly Dimension[] = ["model", "workflow", "team", "customer"]
const BY = [...FIRST, ...DIMENSIONS.filter((dimension) => !FIRST.includes(dimension))].map(
  (dimension) => [dimension, DIMENSION_WORDS[dimension].one] as const,
)

/** Which month and by what; both are in the address. */
export function MonthControls({ report, setMonth, by = "model", setBy }: MonthControlsProps) {
  if (!report) return <div className="skeleton h-8 w-80 max-w-full" />
  const { month, available } = report
  const newest =
    [available?.current, available?.last, month]
      .filter((one) => one !== undefined)
      .sort()
      .at(-1) ?? month
  const oldest = [available?.first, month].filter((one) => one !== undefined).sort()[0] ?? month
  const months = monthsBetween(oldest, newest)
  const options = months.map((one) => [one, monthWords(one)] as const)
  const step = (to: string, word: string, icon: "left" | "right") => (
    <button
      type="button"
      className="button"
      aria-label={`${word}: ${monthWords(to)}`}
      disabled={to < oldest || to > newest}
      onClick={() => setMonth(to)}
    >
      <Icon name={icon} size={14} />
    </button>
  )
  return (
    <div className="no-print flex flex-wrap items-center gap-x-4 gap-y-2">
      <div className="flex items-center gap-1">
        {step(addMonths(month, -1), "Month before", "left")}
        <Choose label="Month" value={month} options={options} onChange={setMonth} />
        {step(addMonths(month, 1), "Month after", "right")}
      </div>
      <Choose label="By" value={by} options={BY} onChange={setBy} />
    </div>
  )
}
