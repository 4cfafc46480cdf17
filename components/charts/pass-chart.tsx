"use client"

import { Plot, type PlotPlace } from "@/components/charts/plot"
import { PlotTip } from "@/components/charts/plot-tip"
import type { PassBucket, PassLine, PassShare } from "@/components/charts/prepare/pass-share"
import type { PlotHandlers } from "@/components/charts/use-plot"

type PassChartProps = PlotHandlers<PassBucket> & {
  share: PassShare
  /** What the picture says, for those who do not see it. */
  caption: string
  /** Id of the line that is looked at elsewhere: the others step back. */
  lit: string | null
}

/** Share passed over time, a line a group, and where a release made a check worse. It decides nothing: all comes prepared. */
export function PassChart({ share, caption, lit, onOpen, onZoom }: PassChartProps) {
  return (
    <Plot
      model={share}
      caption={caption}
      onOpen={onOpen}
      onZoom={onZoom}
      draw={(seriesId) => <Lines lines={share.series} lit={lit ?? seriesId} />}
      tip={(place) => <PassTip share={share} place={place} />}
      say={(bucket, seriesId) => said(share, bucket, seriesId)}
    />
  )
}

/** The first line, which has most failures, lies on top; the one that is looked at above all. */
function Lines({ lines, lit }: { lines: readonly PassLine[]; lit: string | null }) {
  const order = lines.toReversed().sort((a, b) => Number(a.id === lit) - Number(b.id === lit))
  return order.map((line) => (
    <g
      key={line.id}
      fill="none"
      stroke={line.paint.fill}
      strokeLinecap="round"
      strokeLinejoin="round"
      opacity={lit === null || line.id === lit ? 1 : 0.2}
    >
      <path d={line.path} strokeWidth={line.id === lit ? 2.5 : 1.75} />
      <path d={line.dots} strokeWidth={line.id === lit ? 8 : 6} />
    </g>
  ))
}

function PassTip({ share, place }: { share: PassShare; place: PlotPlace<PassBucket> }) {
  const { bucket } = place
  const seen = share.series.filter((line) => bucket.texts[line.id] !== undefined)
  return (
    <PlotTip place={place} series={seen} texts={bucket.texts} foot={seen.length > 0 ? null : <p>no result</p>}>
      {bucket.marks.map((mark) => (
        <p key={mark.text} className="max-w-80 truncate text-alarm">
          {mark.text}
        </p>
      ))}
    </PlotTip>
  )
}

function said(share: PassShare, bucket: PassBucket, seriesId: string | null): string {
  const lines = share.series.filter((line) => seriesId === null || line.id === seriesId)
  const words = lines.flatMap((line) => {
    const text = bucket.texts[line.id]
    return text === undefined ? [] : [`${line.label}: ${text}`]
  })
  return [...(words.length > 0 ? words : ["no result"]), ...bucket.marks.map((mark) => mark.text)].join(". ")
}
