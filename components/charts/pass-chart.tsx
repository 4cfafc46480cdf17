"use client"

import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts"
import type { PassBucket, PassShare } from "@/components/charts/prepare/pass-share"
import { Swatch } from "@/components/charts/swatch"
import { formatCount } from "@/lib/format"

const HEIGHT = 220

/** Share passed per check over time; the y axis is always the whole 0 to 100 %. */
export function PassChart({ share, caption }: { share: PassShare; caption: string }) {
  const rows = share.buckets.map((bucket) => ({ bucket, at: bucket.at, ...bucket.shares }))
  const buckets = new Map(share.buckets.map((bucket) => [bucket.at, bucket]))
  return (
    <figure aria-label={caption} style={{ height: HEIGHT }} className="px-2 pt-3">
      <ResponsiveContainer width="100%" height="100%" debounce={50}>
        <LineChart data={rows} margin={{ top: 6, right: 12, bottom: 0, left: 4 }}>
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
            ticks={[0, 50, 100]}
            domain={[0, 100]}
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
          {share.lines.map((line) => (
            <Line
              key={line.id}
              dataKey={line.id}
              name={line.check}
              type="linear"
              stroke={line.paint.fill}
              strokeWidth={1.75}
              isAnimationActive={false}
              dot={(props: unknown) => <LoneDot {...(props as DotProps)} line={line.id} fill={line.paint.fill} />}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </figure>
  )
}

/** What recharts hands to a dot, as far as it is used here. */
type DotProps = { key?: string; cx?: number; cy?: number; payload: { bucket: PassBucket } }

function LoneDot({ cx, cy, payload, line, fill }: DotProps & { line: string; fill: string }) {
  if (cx === undefined || cy === undefined || !payload.bucket.lone.includes(line)) return null
  return <circle cx={cx} cy={cy} r={3} fill={fill} />
}

function BucketTip({ bucket, share }: { bucket: PassBucket; share: PassShare }) {
  return (
    <div className="chart-tip">
      <p className="font-strong">
        {bucket.label}
        {bucket.isOpen ? " (so far)" : ""}
      </p>
      <ul>
        {share.lines.map((line) => {
          const counts = bucket.counts[line.id]
          if (!counts) return null
          return (
            <li key={line.id} className="flex items-center justify-between gap-6">
              <span className="flex min-w-0 items-center gap-2">
                <Swatch paint={line.paint} />
                <span className="max-w-52 truncate">{line.check}</span>
              </span>
              <span>
                {bucket.shares[line.id] === null
                  ? "no verdict"
                  : `${formatCount(counts.passed)} of ${formatCount(counts.passed + counts.failed)}`}
                {counts.error > 0 ? `, ${formatCount(counts.error)} broke` : ""}
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
