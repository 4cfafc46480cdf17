"use client"

import { type ReactNode, useState } from "react"
import { PlotFoot, PlotLabels, PlotMarks, PlotScale } from "@/components/charts/plot-axes"
import { BOX } from "@/components/charts/prepare/geometry"
import type { PlotBucket, PlotModel } from "@/components/charts/prepare/plot"
import { type PlotHandlers, usePlot } from "@/components/charts/use-plot"

/** The bucket that is read. */
export type PlotPlace<B> = {
  bucket: B
  /** Where it lies, as a share of the plot. */
  at: number
  seriesId: string | null
  /** Buckets marked for a zoom. */
  selected: number
}

type PlotProps<B extends PlotBucket> = PlotHandlers<B> & {
  model: PlotModel<B>
  /** What the picture says, for those who do not see it. */
  caption: string
  /** The marks, as paths in the stretched box, given the series that is looked at. */
  draw: (seriesId: string | null) => ReactNode
  tip: (place: PlotPlace<B>) => ReactNode
  /** The same as the tip, said. */
  say: (bucket: B, seriesId: string | null) => string
}

const HINT = "Arrows walk over the marks, with shift they mark buckets to zoom to, Enter opens."
const percent = (share: number) => `${share * 100}%`

/** The sheet that charts over time are drawn on: scale, time, crosshair, tip, zoom. It decides nothing: places come prepared. */
export function Plot<B extends PlotBucket>({ model, caption, draw, tip, say, onOpen, onZoom }: PlotProps<B>) {
  const [box, setBox] = useState<HTMLDivElement | null>(null)
  const { active, seriesId, selection, handlers } = usePlot(box, model, { onOpen, onZoom })
  const width = 1 / Math.max(1, model.buckets.length)
  const bucket = active === null ? undefined : model.buckets[active]
  const selected = selection ? selection[1] - selection[0] + 1 : 0
  return (
    <figure
      className="plot"
      data-labels={model.labels.length > 0 ? "" : undefined}
      data-marks={model.marks ? "" : undefined}
    >
      <PlotScale ticks={model.ticks} />
      <div
        ref={setBox}
        className="plot-box"
        role="application"
        aria-label={`${caption} ${HINT}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrows walk over the marks, as the pointer does
        tabIndex={0}
        {...handlers}
      >
        {model.ticks.map(({ share }) => (
          <div
            key={share}
            className="plot-line"
            data-foot={share === 0 ? model.foot : undefined}
            style={{ bottom: percent(share) }}
          />
        ))}
        {active === null ? null : (
          <div className="plot-column" style={{ left: percent(active * width), width: percent(width) }} />
        )}
        {model.open?.height === null ? <Hatch open={model.open} /> : null}
        <svg className="plot-svg" viewBox={`0 0 ${BOX} ${BOX}`} preserveAspectRatio="none" aria-hidden="true">
          {draw(seriesId)}
        </svg>
        {model.open && model.open.height !== null ? <Hatch open={model.open} /> : null}
        {model.marks ? <PlotMarks marks={model.marks} /> : null}
        {active === null ? null : <div className="plot-cross" style={{ left: percent((active + 0.5) * width) }} />}
        {selection ? (
          <div
            className="plot-range"
            style={{ left: percent(selection[0] * width), width: percent(selected * width) }}
          />
        ) : null}
        {bucket && active !== null ? tip({ bucket, at: (active + 0.5) * width, seriesId, selected }) : null}
      </div>
      <PlotFoot buckets={model.buckets} />
      <PlotLabels labels={model.labels} />
      <figcaption className="sr-only" aria-live="polite">
        {bucket ? `${bucket.label}${bucket.isOpen ? " so far" : ""}: ${say(bucket, seriesId)}` : caption}
      </figcaption>
    </figure>
  )
}

function Hatch({ open: { left, width, height } }: { open: NonNullable<PlotModel["open"]> }) {
  return (
    <div
      className="plot-hatch"
      data-behind={height === null ? "" : undefined}
      style={{ left: percent(left), width: percent(width), height: percent(height ?? 1) }}
    />
  )
}
