import type { ChartBucket, SpendChartModel } from "@/components/charts/prepare/spend-bars"
import { Swatch } from "@/components/charts/swatch"
import { plural } from "@/lib/format"

type SpendTipProps = {
  model: SpendChartModel
  bucket: ChartBucket
  seriesId: string | null
  /** Where the bucket lies, as a share of the plot: the box stands beside it, on the side that has room. */
  at: number
  /** Buckets marked for a zoom. */
  selected: number
}

/** One bucket in figures. */
export function SpendTip({ model, bucket, seriesId, at, selected }: SpendTipProps) {
  const shown = model.series.filter((series) => bucket.values[series.id] !== "0")
  const side = at < 0.5 ? { left: `calc(${at * 100}% + 16px)` } : { right: `calc(${(1 - at) * 100}% + 16px)` }
  return (
    <div className="chart-tip plot-tip" style={side}>
      <p className="flex justify-between gap-6 font-strong">
        <span>
          {bucket.label}
          {bucket.isOpen ? " (so far)" : ""}
        </span>
        <span>{bucket.totalText}</span>
      </p>
      {bucket.previousText === null ? null : (
        <p className="flex justify-between gap-6 text-ink-11">
          <span>period before</span>
          <span>{bucket.previousText}</span>
        </p>
      )}
      <ul>
        {shown.map((series) => (
          <li
            key={series.id}
            className={`flex items-center justify-between gap-6 ${series.id === seriesId ? "font-strong" : ""}`}
          >
            <span className="flex min-w-0 items-center gap-2">
              <Swatch paint={series.paint} />
              <span className="max-w-48 truncate">{series.label}</span>
            </span>
            <span className="whitespace-nowrap">{bucket.texts[series.id]}</span>
          </li>
        ))}
      </ul>
      {bucket.unpricedCalls > 0 ? (
        <p className="text-alarm">{plural(bucket.unpricedCalls, "call")} without a price</p>
      ) : null}
      {selected > 1 ? <p className="text-ink-11">{selected} marked: Enter zooms, Escape lets go</p> : null}
    </div>
  )
}
