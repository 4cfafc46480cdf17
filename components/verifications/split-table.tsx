"use client"

import { groupName, type PassShare, verdicts } from "@/components/charts/prepare/pass-share"
import { Swatch } from "@/components/charts/swatch"
import { useRowKeys } from "@/components/ui/row-keys"
import { FigureLink } from "@/components/verifications/figure-link"
import { groupHref, JUDGED, NO_VERDICT } from "@/components/verifications/links"
import type { VerificationGroup, VerificationSeries } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import { formatCount, formatShare, plural } from "@/lib/format"

type SplitTableProps = { series: VerificationSeries; share: PassShare; filters: Filters }

/** The chart as numbers: every group with its counts, each of which leads to its results. */
export function SplitTable({ series, share, filters }: SplitTableProps) {
  const keys = useRowKeys()
  const paints = new Map(share.lines.map((line) => [line.group, line.paint]))
  const shown = series.groups.filter((group) => !group.is_other).length
  return (
    <div className="table-scroll border-t border-line">
      <table className="table" onKeyDown={keys}>
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
            const paint = paints.get(group)
            const name = group.is_other
              ? `other (${formatCount(series.group_count - shown)} more)`
              : groupName(series, group.name)
            return (
              <tr key={group.is_other ? "other" : JSON.stringify(group.name)} data-row>
                <th scope="row" className="row-head">
                  <span className="flex min-w-0 items-center gap-2">
                    {paint ? <Swatch paint={paint} /> : <span className="w-2.5 shrink-0" />}
                    <span className={`truncate ${group.is_other ? "text-ink-11" : ""}`} title={name} dir="auto">
                      {name}
                    </span>
                  </span>
                </th>
                <Figures group={group} name={name} series={series} filters={filters} />
              </tr>
            )
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{series.by === "model" ? "Each result once" : "All"}</th>
            <Figures
              group={{ ...series.total, name: null, is_other: true, series: [] }}
              name="all"
              series={series}
              filters={filters}
            />
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

type FiguresProps = { group: VerificationGroup; name: string; series: VerificationSeries; filters: Filters }

function Figures({ group, name, series, filters }: FiguresProps) {
  const href = (outcome: typeof JUDGED) => groupHref(filters, series, group, outcome)
  return (
    <>
      <td className="num" title={`${group.passed} of ${verdicts(group)}`}>
        {formatShare(group.passed, verdicts(group)) ?? <span className="text-ink-10">no verdict</span>}
      </td>
      <td className="num">
        <FigureLink value={verdicts(group)} href={href(JUDGED)} what={`results with a verdict, ${name}`} />
      </td>
      <td className={`num ${group.failed > 0 ? "text-failed" : "text-ink-10"}`}>
        <FigureLink value={group.failed} href={href(["failed"])} what={`failed, ${name}`} />
      </td>
      <td className={`num ${group.error + group.skipped > 0 ? "text-alarm" : "text-ink-10"}`}>
        <FigureLink
          value={group.error + group.skipped}
          href={href(NO_VERDICT)}
          what={`could not verify (${formatCount(group.error)} broke, ${formatCount(group.skipped)} skipped), ${name}`}
        />
      </td>
    </>
  )
}
