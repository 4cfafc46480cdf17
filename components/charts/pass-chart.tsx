"use client"

import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts"
import type { PassBucket, PassShare } from "@/components/charts/prepare/pass-share"
import { Swatch } from "@/components/charts/swatch"
import { formatCount } from "@/lib/format"

const HEIGHT = 240

type PassChartProps = {
  share: PassShare
  /** What the picture says, for those who do not see it. */
  caption: string
  /** Id of the line that is looked at elsewhere: the others step back. */
  lit: string | null
  /** Opens the results behind one point. */
  onOpen: (bucket: number, line: string) => void
}

/** Share passed over time, a line a group; a dashed upright line where a release made a check worse. It decides nothing. */
export function PassChart({ share, caption, lit, onOpen }: PassChartProps) {
  const rows = share.buckets.map((bucket) => ({ bucket, at: bucket.at, ...bucket.shares }))
  const buckets = new Map(share.buckets.map((bucket) => [bucket.at, bucket]))
  return (
    <figure aria-label={caption} style={{ height: HEIGHT }} className="px-2 pt-3">
      <ResponsiveContainer width="100%" height="100%" debounce={50}>
        <LineChart data={rows} margin={{ top: 20, right: 12, bottom: 0, left: 4 }}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="at"
            tickLine={false}
            axisLine={{ stroke: "var(--ink-7)" }}
            ticks={share.buckets.filter((bucket) => bucket.isLabelled).map((bucket) => bucket.at)}
            interval="preserveEnd"
            minTickGap={12}
            padding={{ left: 16, right: 16 }}
            tick={{ fill: "var(--ink-10)", fontSize: 12 }}
            tickFormatter={(at: string) => buckets.get(at)?.label ?? ""}
          />
          <YAxis
            width={64}
            ticks={[share.floor, (share.floor + 100) / 2, 100]}
            domain={[share.floor, 100]}
            tickLine={false}
            axisLine={false}
            tick={{ fill: "var(--ink-10)", fontSize: 12 }}
            tickFormatter={(tick: number) => `${tick} %`}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: "var(--ink-7)" }}
            content={({ active, label }) => {
              const bucket = active ? buckets.get(String(label)) : undefined
              return bucket ? <BucketTip bucket={bucket} share={share} /> : null
            }}
          />
          {share.buckets
            .filter((bucket) => bucket.marks.length > 0)
            .map((bucket) => (
              <ReferenceLine
                key={bucket.at}
                x={bucket.at}
                stroke="var(--alarm)"
                strokeDasharray="3 3"
                label={(props: unknown) => <Mark {...(props as MarkProps)} text={bucket.markText} />}
              />
            ))}
          {share.lines.map((line) => (
            <Line
              key={line.id}
              dataKey={line.id}
              name={line.label}
              type="linear"
              stroke={line.paint.fill}
              strokeWidth={lit === line.id ? 2.5 : 1.75}
              strokeOpacity={lit === null || lit === line.id ? 1 : 0.2}
              isAnimationActive={false}
              dot={(props: unknown) => <LoneDot {...(props as DotProps)} line={line.id} fill={line.paint.fill} />}
              activeDot={(props: unknown) => (
                <OpenDot {...(props as DotProps)} fill={line.paint.fill} open={(bucket) => onOpen(bucket, line.id)} />
              )}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </figure>
  )
}

/** What recharts hands to a label of a line, as far as it is used here. */
type MarkProps = { viewBox?: { x?: number; y?: number } }

/** The alarm's shape on top of the line, the release beside it: the words stand in the table below. */
function Mark({ viewBox, text }: MarkProps & { text: string }) {
  const { x, y } = viewBox ?? {}
  if (x === undefined || y === undefined) return null
  return (
    <g transform={`translate(${x} ${y - 12})`} fill="var(--alarm)" fontSize={12}>
      <path d="M0 -1 5 8H-5z" />
      <text x={x > 120 ? -9 : 9} y={8} textAnchor={x > 120 ? "end" : "start"}>
        {text}
      </text>
    </g>
  )
}

/** What recharts hands to a dot, as far as it is used here. */
type DotProps = { key?: string; index?: number; cx?: number; cy?: number; payload: { bucket: PassBucket } }

function LoneDot({ cx, cy, payload, line, fill }: DotProps & { line: string; fill: string }) {
  if (cx === undefined || cy === undefined || !payload.bucket.lone.includes(line)) return null
  return <circle cx={cx} cy={cy} r={3} fill={fill} />
}

/** The point under the pointer; a press opens its results. The table has the same as links. */
function OpenDot({ cx, cy, index, fill, open }: DotProps & { fill: string; open: (bucket: number) => void }) {
  if (cx === undefined || cy === undefined || index === undefined) return null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the table view has each point as a link
    <circle cx={cx} cy={cy} r={5} fill={fill} className="cursor-pointer" onClick={() => open(index)} />
  )
}

function BucketTip({ bucket, share }: { bucket: PassBucket; share: PassShare }) {
  return (
    <div className="chart-tip">
      <p className="font-strong">
        {bucket.label}
        {bucket.isOpen ? " (so far)" : ""}
      </p>
      {bucket.marks.map((mark) => (
        <p key={mark.text} className="max-w-80 truncate text-alarm">
          {mark.text}
        </p>
      ))}
      <ul>
        {share.lines.map((line) => {
          const counts = bucket.counts[line.id]
          if (!counts) return null
          return (
            <li key={line.id} className="flex items-center justify-between gap-6">
              <span className="flex min-w-0 items-center gap-2">
                <Swatch paint={line.paint} />
                <span className="max-w-52 truncate">{line.label}</span>
              </span>
              <span>
                {bucket.shares[line.id] === null
                  ? "no verdict"
                  : `${formatCount(counts.passed)} of ${formatCount(counts.passed + counts.failed)}`}
                {counts.error + counts.skipped > 0
                  ? `, ${formatCount(counts.error + counts.skipped)} could not verify`
                  : ""}
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
