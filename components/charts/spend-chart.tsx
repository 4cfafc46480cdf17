"use client"

import { Plot } from "@/components/charts/plot"
import { BOX } from "@/components/charts/prepare/geometry"
import type { ChartBucket, SpendChartModel } from "@/components/charts/prepare/spend-bars"
import { SpendTip } from "@/components/charts/spend-tip"
import type { PlotHandlers } from "@/components/charts/use-plot"

type SpendChartProps = PlotHandlers<ChartBucket> & {
  model: SpendChartModel
  /** What the picture says, for those who do not see it. */
  caption: string
  /** Id of the series that is looked at in the legend: the others step back. */
  lit: string | null
}

/** Spend over time. It decides nothing: marks, labels, gaps and colours come prepared. */
export function SpendChart({ model, caption, lit, onOpen, onZoom }: SpendChartProps) {
  return (
    <Plot
      model={model}
      caption={caption}
      onOpen={onOpen}
      onZoom={onZoom}
      draw={() => <Marks model={model} lit={lit} />}
      tip={(place) => <SpendTip model={model} place={place} />}
      say={(bucket, seriesId) => said(model, bucket, seriesId)}
    />
  )
}

function Marks({ model, lit }: { model: SpendChartModel; lit: string | null }) {
  const isLine = model.shape === "per_run"
  const opacityOf = (id: string) => (lit === null || lit === id ? 1 : 0.2)
  return (
    <>
      {model.series.map((series) =>
        isLine ? (
          <g
            key={series.id}
            fill="none"
            stroke={series.paint.fill}
            strokeLinecap="round"
            strokeLinejoin="round"
            opacity={opacityOf(series.id)}
          >
            <path d={series.path} strokeWidth={1.75} />
            <path d={series.dots} strokeWidth={6} />
          </g>
        ) : (
          <g key={series.id} fill={series.paint.fill} opacity={opacityOf(series.id)}>
            <path d={series.path} />
            <path d={series.openPath} fillOpacity={0.6} />
          </g>
        ),
      )}
      {model.limit === null ? null : (
        <path
          d={`M0 ${BOX - model.limit * BOX}H${BOX}`}
          stroke="var(--ink-12)"
          strokeWidth={1.5}
          strokeDasharray="6 4"
        />
      )}
      {model.previous.map((line) => (
        <g key={line.id} fill="none" stroke={line.paint.fill} strokeLinecap="round" opacity={isLine ? 0.5 : 1}>
          <path d={line.line} strokeWidth={1.25} />
          <path d={line.dots} strokeWidth={4} />
        </g>
      ))}
    </>
  )
}

function said(model: SpendChartModel, bucket: ChartBucket, seriesId: string | null): string {
  const series = model.series.find((one) => one.id === seriesId)
  const before = bucket.previousText === null ? "" : `, ${bucket.previousText} in the period before`
  const own = series ? `. ${series.label}: ${bucket.texts[series.id]}` : ""
  return `${bucket.totalText}${before}${own}`
}
