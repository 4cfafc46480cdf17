"use client"

import { type CSSProperties, useState } from "react"
import { BOX } from "@/components/charts/prepare/geometry"
import type { ChartBucket, SpendChartModel } from "@/components/charts/prepare/spend-bars"
import { SpendTip } from "@/components/charts/spend-tip"
import { type PlotHandlers, usePlot } from "@/components/charts/use-plot"

type SpendChartProps = {
  model: SpendChartModel
  /** What the picture says, for those who do not see it. */
  caption: string
  /** Opens what is behind one mark, or behind the whole bucket. */
  onOpen: PlotHandlers["onOpen"]
  /** Makes the range that of some buckets. */
  onZoom: PlotHandlers["onZoom"]
}

const percent = (share: number) => `${share * 100}%`

/** Spend over time. It decides nothing: marks, labels, gaps and colours come prepared. */
export function SpendChart({ model, caption, onOpen, onZoom }: SpendChartProps) {
  const [box, setBox] = useState<HTMLDivElement | null>(null)
  const plot = usePlot(box, model, { onOpen, onZoom })
  const { buckets } = model
  const width = 1 / Math.max(1, buckets.length)
  const active = plot.active === null ? undefined : buckets[plot.active]
  return (
    <figure className="plot" data-labels={model.labels.length > 0 ? "" : undefined}>
      <div className="plot-y" aria-hidden="true">
        {model.ticks.map((tick) => (
          <span key={tick.share} className="plot-tick" style={{ bottom: percent(tick.share) }}>
            {tick.label}
          </span>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrows walk over the marks, as the pointer does */}
      <div ref={setBox} className="plot-box" role="application" aria-label={caption} tabIndex={0} {...plot.handlers}>
        {model.ticks.map((tick) => (
          <div
            key={tick.share}
            className="plot-line"
            data-zero={tick.share === 0 ? "" : undefined}
            style={{ bottom: percent(tick.share) }}
          />
        ))}
        {plot.active === null ? null : (
          <div className="plot-column" style={{ left: percent(plot.active * width), width: percent(width) }} />
        )}
        <Marks model={model} />
        {model.open ? (
          <div
            className="plot-hatch"
            style={{
              left: percent(model.open.left),
              width: percent(model.open.width),
              height: percent(model.open.height),
            }}
          />
        ) : null}
        {plot.active === null ? null : (
          <div className="plot-cross" style={{ left: percent((plot.active + 0.5) * width) }} />
        )}
        {plot.selection ? (
          <div
            className="plot-range"
            style={{
              left: percent(plot.selection[0] * width),
              width: percent((plot.selection[1] - plot.selection[0] + 1) * width),
            }}
          />
        ) : null}
        {active && plot.active !== null ? (
          <SpendTip
            model={model}
            bucket={active}
            seriesId={plot.seriesId}
            at={(plot.active + 0.5) * width}
            selected={plot.selection ? plot.selection[1] - plot.selection[0] + 1 : 0}
          />
        ) : null}
      </div>
      <div className="plot-x" aria-hidden="true">
        <AxisLabels buckets={buckets} />
      </div>
      <div className="plot-labels" aria-hidden="true">
        {model.labels.map(({ id, label, end }) => (
          <span key={id} className="plot-end" style={{ bottom: percent(end) }} title={label}>
            {label}
          </span>
        ))}
      </div>
      <figcaption className="sr-only" aria-live="polite">
        {active ? spoken(model, active, plot.seriesId) : caption}
      </figcaption>
    </figure>
  )
}

function Marks({ model }: { model: SpendChartModel }) {
  const isLine = model.shape === "per_run"
  return (
    <svg className="plot-svg" viewBox={`0 0 ${BOX} ${BOX}`} preserveAspectRatio="none" aria-hidden="true">
      {model.series.map((series) =>
        isLine ? (
          <g key={series.id} fill="none" stroke={series.paint.fill} strokeLinecap="round" strokeLinejoin="round">
            <path d={series.path} strokeWidth={1.75} />
            <path d={series.dots} strokeWidth={6} />
          </g>
        ) : (
          <g key={series.id} fill={series.paint.fill}>
            <path d={series.path} />
            <path d={series.openPath} fillOpacity={0.6} />
          </g>
        ),
      )}
      {model.previous.map((line) => (
        <g key={line.id} fill="none" stroke={line.paint.fill} strokeLinecap="round" opacity={isLine ? 0.5 : 1}>
          <path d={line.line} strokeWidth={1.25} />
          <path d={line.dots} strokeWidth={4} />
        </g>
      ))}
    </svg>
  )
}

function AxisLabels({ buckets }: { buckets: readonly ChartBucket[] }) {
  const named = buckets.flatMap((bucket, i) => (bucket.isLabelled ? [{ bucket, i }] : []))
  return named.map(({ bucket, i }, place) => (
    <span
      key={bucket.at}
      className="plot-at"
      data-second={(named.length - 1 - place) % 2 === 1 ? "" : undefined}
      style={placeOf((i + 0.5) / buckets.length)}
    >
      {bucket.label}
    </span>
  ))
}

/** A label at either edge keeps to the plot. */
function placeOf(at: number): CSSProperties {
  if (at > 0.95) return { right: 0, transform: "none" }
  return at < 0.05 ? { left: 0, transform: "none" } : { left: percent(at) }
}

function spoken(model: SpendChartModel, bucket: ChartBucket, seriesId: string | null): string {
  const series = model.series.find((one) => one.id === seriesId)
  const before = bucket.previousText === null ? "" : `, ${bucket.previousText} in the period before`
  const own = series ? `. ${series.label}: ${bucket.texts[series.id]}` : ""
  return `${bucket.label}${bucket.isOpen ? " so far" : ""}: ${bucket.totalText}${before}${own}`
}
