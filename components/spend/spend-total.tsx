import { RUNS_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { totalFilters } from "@/components/data/spend"
import { allHref, failedHref, unpricedHref } from "@/components/spend/links"
import { SpendCells } from "@/components/spend/spend-cells"
import type { Spend } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"

type SpendTotalProps = { spend: Spend; filters: Filters; hasRuns: boolean }

/** The sum of the rows, which is the headline. */
export function SpendTotal({ spend, filters, hasRuns }: SpendTotalProps) {
  const before = spend.previous
  const hrefs = {
    calls: allHref(filters),
    unpriced: unpricedHref(filters),
    failed: failedHref(filters),
    before: before && allHref(filters, { at: before.range.from, until: before.range.to }),
    runs: spend.total.runs === null ? null : pageHref("/runs", totalFilters(filters), RUNS_DEFAULTS),
  }
  return (
    <tr>
      <th scope="row">Total</th>
      <SpendCells
        figures={spend.total}
        previous={before?.total ?? null}
        spend={spend}
        filters={filters}
        hrefs={hrefs}
        isTotal
      />
      {hasRuns ? <td /> : null}
    </tr>
  )
}
