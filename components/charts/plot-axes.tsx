import type { CSSProperties } from "react"
import type { PlotMark } from "@/components/charts/prepare/marks"
import type { PlotBucket, PlotModel } from "@/components/charts/prepare/plot"
import { LightShape } from "@/components/ui/light"

const percent = (share: number) => `${share * 100}%`

/** The words around a plot; those who do not see them hear the caption. */
export function PlotScale({ ticks }: Pick<PlotModel, "ticks">) {
  return (
    <div className="plot-y" aria-hidden="true">
      {ticks.map(({ share, label }) => (
        <span key={share} className="plot-tick" style={{ bottom: percent(share) }}>
          {label}
        </span>
      ))}
    </div>
  )
}

export function PlotFoot({ buckets }: { buckets: readonly PlotBucket[] }) {
  const named = buckets.flatMap((bucket, i) => (bucket.isLabelled ? [{ bucket, i }] : []))
  return (
    <div className="plot-x" aria-hidden="true">
      {named.map(({ bucket, i }, place) => (
        <span
          key={bucket.at}
          className="plot-at"
          data-second={(named.length - 1 - place) % 2 === 1 ? "" : undefined}
          style={placeOf((i + 0.5) / buckets.length)}
        >
          {bucket.label}
        </span>
      ))}
    </div>
  )
}

/** A label at either edge keeps to the plot. */
function placeOf(at: number): CSSProperties {
  if (at > 0.95) return { right: 0, transform: "none" }
  return at < 0.05 ? { left: 0, transform: "none" } : { left: percent(at) }
}

export function PlotLabels({ labels }: Pick<PlotModel, "labels">) {
  return (
    <div className="plot-labels" aria-hidden="true">
      {labels.map(({ id, label, end }) => (
        <span key={id} className="plot-end" style={{ bottom: percent(end) }} title={label}>
          {label}
        </span>
      ))}
    </div>
  )
}

/** Alarms at points in time; the tip says each in full. */
export function PlotMarks({ marks }: { marks: readonly PlotMark[] }) {
  return (
    <div className="plot-marks" aria-hidden="true">
      {marks.map((mark) => (
        <div key={mark.at} className="plot-mark" style={{ "--at": percent(mark.at) } as CSSProperties}>
          <span className="plot-mark-shape">
            <LightShape light="alarm" size={12} />
          </span>
          <bdi
            className="plot-mark-text"
            data-wide={mark.wide ?? undefined}
            data-narrow={mark.narrow ?? undefined}
            title={mark.title}
          >
            {mark.text}
          </bdi>
        </div>
      ))}
    </div>
  )
}
