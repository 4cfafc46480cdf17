"use client"

import { groupName, type PassShare, verdicts } from "@/components/charts/prepare/pass-share"
import { Swatch } from "@/components/charts/swatch"
import { useRowKeys } from "@/components/ui/row-keys"
import { FigureLink } from "@/components/verifications/figure-link"
import { groupHref, JUDGED, NO_VERDICT, totalHref } from "@/components/verifications/links"
import type { VerdictCounts, VerificationSeries } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import { formatCount, formatShare, plural } from "@/lib/format"
import type { Verdict } from "@/lib/vocabulary"

type SplitTableProps = {
  series: VerificationSeries
  share: PassShare
  filters: Filters
  /** The line to bring out while its row is looked at. */
  light: (line: string | null) => void
}

/** The chart as numbers: every group with its counts, each of which leads to its results. */
export function SplitTable({ series, share, filters, light }: SplitTableProps) {
  const keys = useRowKeys()
  const lines = new Map(share.series.map((line) => [line.group, line]))
  const shown = series.groups.filter((group) => !group.is_other).length
  return (
    <div className="table-scroll border-t border-line">
      <table className="table verdict-split" onKeyDown={keys}>
        <thead>
          <tr>
            <th scope="col" className="capitalize">
              {series.by}
            </th>
            <th scope="col" className="num">
              Share passed
            </th>
            <th scope="col" className="num">
              With a verdict
            </th>
            <th scope="col" className="num">
              Failed
            </th>
            <th scope="col" className="num">
              Could not verify
            </th>
          </tr>
        </thead>
        <tbody>
          {series.groups.map((group) => {
            const line = lines.get(group)
            const name = group.is_other
              ? `other (${formatCount(series.group_count - shown)} more)`
              : groupName(series, group.name)
            return (
              <tr
                key={group.is_other ? "other" : JSON.stringify(group.name)}
                data-row
                onMouseEnter={() => light(line?.id ?? null)}
                onMouseLeave={() => light(null)}
                onFocus={() => light(line?.id ?? null)}
                onBlur={() => light(null)}
              >
                <th scope="row" className="row-head">
                  <span className="flex min-w-0 items-center gap-2">
                    {line ? <Swatch paint={line.paint} /> : <span className="w-2.5 shrink-0" />}
                    <bdi className={`truncate ${group.is_other ? "text-ink-11" : ""}`} title={name}>
                      {name}
                    </bdi>
                  </span>
                </th>
                <Figures counts={group} name={name} href={(outcome) => groupHref(filters, series, group, outcome)} />
              </tr>
            )
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{series.by === "model" ? "Each result once" : "All"}</th>
            <Figures counts={series.total} name="all" href={(outcome) => totalHref(filters, series, outcome)} />
          </tr>
        </tfoot>
      </table>
      {series.by !== "model" || series.group_count <= shown ? null : (
        <p className="px-4 py-2 text-label text-ink-10">
          {plural(series.group_count - shown, "model")} with fewer failures left out.
        </p>
      )}
    </div>
  )
}

type FiguresProps = {
  counts: VerdictCounts
  name: string
  /** The list of these outcomes; null where no filter can name it. */
  href: (outcome: Verdict[]) => string | null
}

function Figures({ counts: group, name, href }: FiguresProps) {
  return (
    <>
      <td className="num" title={`${group.passed} of ${verdicts(group)}`}>
        {formatShare(group.passed, verdicts(group)) ?? <span className="text-ink-10">no verdict</span>}
      </td>
      <td className="num">
        <FigureLink value={verdicts(group)} href={href(JUDGED)} what={`results with a verdict, ${name}`} />
      </td>
      <td className="num">
        <FigureLink value={group.failed} href={href(["failed"])} what={`failed, ${name}`} tone="text-failed" />
      </td>
      <td className="num">
        <FigureLink
          value={group.error + group.skipped}
          href={href(NO_VERDICT)}
          what={`could not verify (${formatCount(group.error)} broke, ${formatCount(group.skipped)} skipped), ${name}`}
          tone="text-alarm"
        />
      </td>
    </>
  )
}
