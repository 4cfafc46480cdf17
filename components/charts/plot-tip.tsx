import type { CSSProperties, ReactNode } from "react"
import type { PlotPlace } from "@/components/charts/plot"
import type { PlotBucket, PlotSeries } from "@/components/charts/prepare/plot"
import { Swatch } from "@/components/charts/swatch"

type PlotTipProps = {
  place: PlotPlace<PlotBucket>
  /** Of the whole bucket, where its series add up to one. */
  total?: string
  /** Between the bucket's name and its series. */
  children?: ReactNode
  /** Those that have something to say here. */
  series: readonly PlotSeries[]
  texts: Record<string, string>
  /** Under the series. */
  foot?: ReactNode
}

/** One bucket in figures: beside it, on the side that has room; on a phone over the whole width. */
export function PlotTip({ place, total, children, series, texts, foot }: PlotTipProps) {
  const { bucket, at, seriesId, selected } = place
  return (
    <div
      className="chart-tip plot-tip"
      data-side={at < 0.5 ? "right" : "left"}
      style={{ "--at": `${at * 100}%` } as CSSProperties}
    >
      <p className="flex justify-between gap-6 font-strong">
        <span>
          {bucket.label}
          {bucket.isOpen ? " (so far)" : ""}
        </span>
        {total === undefined ? null : <span>{total}</span>}
      </p>
      {children}
      <ul>
        {series.map(({ id, label, paint }) => (
          <li key={id} className={`flex items-center justify-between gap-6 ${id === seriesId ? "font-strong" : ""}`}>
            <span className="flex min-w-0 items-center gap-2">
              <Swatch paint={paint} />
              <span className="max-w-48 truncate">{label}</span>
            </span>
            <span className="text-right">{texts[id]}</span>
          </li>
        ))}
      </ul>
      {foot}
      {selected > 1 ? <p className="text-ink-11">{selected} marked: Enter zooms, Escape lets go</p> : null}
    </div>
  )
}
