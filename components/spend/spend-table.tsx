"use client"

import { useMemo } from "react"
import { OTHER_PAINT, paintSeries, seriesKey } from "@/components/charts/prepare/colour"
import { runsHref } from "@/components/spend/links"
import { SpendRow } from "@/components/spend/spend-row"
import { SpendTotal } from "@/components/spend/spend-total"
import { useRowKeys } from "@/components/ui/row-keys"
import type { Spend } from "@/lib/contracts/read"
import { DIMENSION_WORDS } from "@/lib/dimension-words"
import type { Filters } from "@/lib/filters"

type SpendTableProps = { spend: Spend; filters: Filters; change: (change: Partial<Filters>) => void }

/** The rows that add up to the headline. A name leads into its group, a figure to the calls that add up to it. */
export function SpendTable({ spend, filters, change }: SpendTableProps) {
  const keys = useRowKeys()
  const paints = useMemo(() => {
    const own = paintSeries(spend.groups.filter((group) => !group.is_other).map((group) => seriesKey(group.key)))
    let next = 0
    return spend.groups.map((group) => (group.is_other ? OTHER_PAINT : (own[next++] ?? OTHER_PAINT)))
  }, [spend.groups])
  const name = spend.by.map((dimension) => DIMENSION_WORDS[dimension].one).join(" · ") || "all"
  const numbers = [
    "Cost",
    filters.metric === "cost" ? "Share" : `Share of ${filters.metric}`,
    ...(spend.previous ? ["Before", "Change"] : []),
    "Calls",
    "Without price",
    "Input tokens",
    "Cached",
    "Output",
    "From cache",
    "Errors",
    ...(spend.total.runs === null ? [] : ["Runs", "Per run"]),
  ]
  const hasRuns = spend.groups.some((group) => runsHref(filters, spend.by, group) !== null)
  return (
    <div className="table-scroll">
      <table className="table" onKeyDown={keys}>
        <thead>
          <tr>
            <th scope="col" className="first-letter:uppercase">
              {name}
            </th>
            {numbers.map((word) => (
              <th key={word} scope="col" className="num">
                {word}
              </th>
            ))}
            {hasRuns ? (
              <th scope="col">
                <span className="sr-only">Runs of the group</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {spend.groups.map((group, i) => (
            <SpendRow
              key={group.is_other ? "other" : seriesKey(group.key)}
              spend={spend}
              group={group}
              paint={i < 8 || group.is_other ? (paints[i] ?? OTHER_PAINT) : OTHER_PAINT}
              filters={filters}
              change={change}
              hasRuns={hasRuns}
            />
          ))}
        </tbody>
        <tfoot>
          <SpendTotal spend={spend} filters={filters} hasRuns={hasRuns} />
        </tfoot>
      </table>
    </div>
  )
}
