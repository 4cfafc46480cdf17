"use client"

import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts"
import type { BarBucket, SpendBars } from "@/components/charts/prepare/spend-bars"
import { Swatch } from "@/components/charts/swatch"
import { displayMoney } from "@/lib/money"

const HEIGHT = 280

type SpendChartProps = {
  bars: SpendBars
  /** What the picture says, for those who do not see it. */
  caption: string
  currency: string
  /** Opens what is behind one mark. */
  onOpen: (bucket: BarBucket, seriesId: string) => void
}

/** Stacked money over time. It decides nothing: heights, labels, gaps and colours come prepared. */
export function SpendChart({ bars, caption, currency, onOpen }: SpendChartProps) {
  const rows = bars.buckets.map((bucket) => ({ bucket, at: bucket.at, ...bucket.heights }))
  const labels = new Map(bars.buckets.map((bucket) => [bucket.at, bucket]))
  const tickText = new Map(bars.ticks.map((tick, i) => [tick, bars.tickLabels[i] ?? ""]))
  return (
    <figure aria-label={caption} style={{ height: HEIGHT }} className="px-2 pt-3">
      <ResponsiveContainer width="100%" height="100%" debounce={50}>
        <BarChart data={rows} margin={{ top: 4, right: 12, bottom: 0, left: 4 }} barCategoryGap="18%">
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="at"
            tickLine={false}
            axisLine={{ stroke: "var(--ink-7)" }}
            ticks={bars.buckets.filter((bucket) => bucket.isLabelled).map((bucket) => bucket.at)}
            interval="preserveEnd"
            minTickGap={12}
            tick={{ fill: "var(--ink-10)", fontSize: 12 }}
            tickFormatter={(at: string) => labels.get(at)?.label ?? ""}
          />
          <YAxis
            width={64}
            ticks={bars.ticks}
            domain={[0, bars.ticks.at(-1) ?? 1]}
            tickLine={false}
            axisLine={false}
            tick={{ fill: "var(--ink-10)", fontSize: 12 }}
            tickFormatter={(tick: number) => tickText.get(tick) ?? ""}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: "var(--ink-3)" }}
            content={({ active, label }) => {
              const bucket = active ? labels.get(String(label)) : undefined
              return bucket ? <BucketTip bucket={bucket} bars={bars} currency={currency} /> : null
            }}
          />
          {bars.series.map((series) => (
            <Bar
              key={series.id}
              dataKey={series.id}
              name={series.label}
              stackId="spend"
              isAnimationActive={false}
              shape={(props: unknown) => <Mark {...(props as MarkProps)} fill={series.paint.fill} />}
              onClick={(mark: unknown) => onOpen((mark as MarkProps).payload.bucket, series.id)}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </figure>
  )
}

/** What recharts hands to a shape, as far as it is used here. */
type MarkProps = { x: number; y: number; width: number; height: number; fill: string; payload: { bucket: BarBucket } }

function Mark({ x, y, width, height, fill, payload }: MarkProps) {
  if (!(height > 0)) return null
  // A hairline of paper between marks, so that neighbours of one hue stay apart; slivers keep their height.
  const gap = height > 3 ? 1 : 0
  return (
    <rect
      x={x}
      y={y}
      width={width}
      height={height - gap}
      fill={fill}
      fillOpacity={payload.bucket.isOpen ? 0.5 : 1}
      className="cursor-pointer"
    />
  )
}

function BucketTip({ bucket, bars, currency }: { bucket: BarBucket; bars: SpendBars; currency: string }) {
  const shown = bars.series.filter((series) => bucket.costs[series.id] !== "0")
  return (
    <div className="chart-tip">
      <p className="flex justify-between gap-6 font-strong">
        <span>
          {bucket.label}
          {bucket.isOpen ? " (so far)" : ""}
        </span>
        <span>{bucket.totalText}</span>
      </p>
      <ul>
        {shown.map((series) => (
          <li key={series.id} className="flex items-center justify-between gap-6">
            <span className="flex min-w-0 items-center gap-2">
              <Swatch paint={series.paint} />
              <span className="max-w-52 truncate">{series.label}</span>
            </span>
            <span>{displayMoney(bucket.costs[series.id] ?? null, currency)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
