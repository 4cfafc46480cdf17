"use client"

import { type PassShare, verdicts } from "@/components/charts/prepare/pass-share"
import { Swatch } from "@/components/charts/swatch"
import { FigureLink } from "@/components/verifications/figure-link"
import { bucketHref, JUDGED } from "@/components/verifications/links"
import type { VerificationSeries } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import { formatShare } from "@/lib/format"

type BucketTableProps = { series: VerificationSeries; share: PassShare; filters: Filters }

/** The chart's points as numbers, newest first; a dash is a gap: nothing gave a verdict. */
export function BucketTable({ series, share, filters }: BucketTableProps) {
  const rows = share.buckets.map((bucket, index) => ({ bucket, index })).reverse()
  return (
    <div className="table-scroll verdict-buckets">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">From</th>
            {share.series.map((line) => (
              <th key={line.id} scope="col" className="num">
                <span className="inline-flex max-w-40 items-center gap-2">
                  <Swatch paint={line.paint} />
                  <span className="truncate" title={line.label}>
                    {line.label}
                  </span>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ bucket, index }) => (
            <tr key={bucket.at}>
              <th scope="row" className="row-head whitespace-nowrap" title={`${bucket.at} (${series.tz})`}>
                {bucket.label}
                {bucket.isOpen ? <span className="text-ink-10"> so far</span> : null}
              </th>
              {share.series.map((line) => {
                const counts = bucket.counts[line.id]
                const judged = counts ? verdicts(counts) : 0
                return (
                  <td key={line.id} className="num">
                    {counts && judged > 0 ? (
                      <>
                        {formatShare(counts.passed, judged)}{" "}
                        <span className="text-ink-10">
                          of{" "}
                          <FigureLink
                            value={judged}
                            href={bucketHref(filters, series, line.group, index, JUDGED)}
                            what={`results of ${line.label} from ${bucket.label}`}
                          />
                        </span>
                      </>
                    ) : (
                      <span className="text-ink-10">–</span>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
