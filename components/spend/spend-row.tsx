"use client"

import type { MouseEvent } from "react"
import type { Paint } from "@/components/charts/prepare/colour"
import { Swatch } from "@/components/charts/swatch"
import { SPEND_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { drillInto, groupFailedHref, groupHref, groupUnpricedHref, runsHref } from "@/components/spend/links"
import { SpendCells } from "@/components/spend/spend-cells"
import { Link } from "@/components/ui/link"
import type { Spend, SpendGroup } from "@/lib/contracts/read"
import { groupLabel } from "@/lib/dimension-words"
import type { Filters } from "@/lib/filters"
import { formatCount } from "@/lib/format"

type SpendRowProps = {
  spend: Spend
  group: SpendGroup
  paint: Paint
  filters: Filters
  change: (change: Partial<Filters>) => void
  /** Whether the runs of any group can be named: else there is no column for them. */
  hasRuns: boolean
}

export function SpendRow({ spend, group, paint, filters, change, hasRuns }: SpendRowProps) {
  const runs = runsHref(filters, spend.by, group)
  const before = spend.previous && { at: spend.previous.range.from, until: spend.previous.range.to }
  const hrefs = {
    calls: groupHref(filters, spend.by, group),
    unpriced: groupUnpricedHref(filters, spend.by, group),
    failed: groupFailedHref(filters, spend.by, group),
    before: before && groupHref(filters, spend.by, group, before),
    runs,
  }
  const label = labelOf(spend, group)
  const drill = drillInto(filters, spend, group)
  const enter = (event: MouseEvent) => {
    if (drill === null || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    change(drill)
  }
  return (
    <tr data-row>
      <th scope="row" className="row-head">
        <span className="flex min-w-0 items-center gap-2">
          <Swatch paint={paint} />
          {drill === null ? (
            <span
              className="truncate text-ink-11"
              title={group.is_other ? "No filter can name the rest of two dimensions." : label}
            >
              {label}
            </span>
          ) : (
            <Link
              className="row-link"
              href={pageHref("/spend", { ...filters, cursor: null, ...drill }, SPEND_DEFAULTS)}
              title={`${label}: look inside`}
              prefetch={false}
              onClick={enter}
            >
              {label}
            </Link>
          )}
        </span>
      </th>
      <SpendCells figures={group} previous={group.previous} spend={spend} filters={filters} hrefs={hrefs} />
      {hasRuns ? (
        <td className="num">
          {runs ? (
            <Link className="link text-ink-11" href={runs} prefetch={false} aria-label={`Runs of ${label}`}>
              runs
            </Link>
          ) : null}
        </td>
      ) : null}
    </tr>
  )
}

function labelOf(spend: Spend, group: SpendGroup): string {
  if (!group.is_other) return groupLabel(group, spend.by)
  const shown = spend.groups.filter((one) => !one.is_other).length
  return `other (${formatCount(spend.group_count - shown)} of ${formatCount(spend.group_count)})`
}
