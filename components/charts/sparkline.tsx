import { prepareSparkline } from "@/components/charts/prepare/sparkline"

const [WIDTH, HEIGHT] = [116, 30]

type SparklineProps = {
  days: readonly (string | null)[]
  today: string | null
  band: { low: string; high: string } | null
  /** What the picture says, for those who do not see it. */
  caption: string
}

/** Days as a line, today so far as a ring, the usual band behind them. */
export function SpendSparkline({ days, today, band, caption }: SparklineProps) {
  const line = prepareSparkline(days, today, band, WIDTH, HEIGHT)
  return (
    <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" className="shrink-0">
      <title>{caption}</title>
      {line.band ? <rect x="0" y={line.band.y} width={WIDTH} height={line.band.height} fill="var(--ink-4)" /> : null}
      <path d={line.path} fill="none" stroke="var(--ink-9)" strokeWidth="1.25" strokeLinejoin="round" />
      {line.lone.map((dot) => (
        <circle key={dot.x} cx={dot.x} cy={dot.y} r="1.5" fill="var(--ink-9)" />
      ))}
      {line.last ? (
        <circle
          cx={line.last.x}
          cy={line.last.y}
          r="2.25"
          fill="var(--paper)"
          stroke="var(--ink-12)"
          strokeWidth="1.5"
        />
      ) : null}
    </svg>
  )
}
