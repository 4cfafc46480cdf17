import type { PlotPlace } from "@/components/charts/plot"
import { PlotTip } from "@/components/charts/plot-tip"
import type { ChartBucket, SpendChartModel } from "@/components/charts/prepare/spend-bars"
import { plural } from "@/lib/format"

/** One bucket in money. */
export function SpendTip({ model, place }: { model: SpendChartModel; place: PlotPlace<ChartBucket> }) {
  const { bucket } = place
  return (
    <PlotTip
      place={place}
      total={bucket.totalText}
      series={model.series.filter((series) => bucket.values[series.id] !== "0")}
      texts={bucket.texts}
      foot={
        bucket.unpricedCalls > 0 ? (
          <p className="text-alarm">{plural(bucket.unpricedCalls, "call")} without a price</p>
        ) : null
      }
    >
      {bucket.previousText === null ? null : (
        <p className="flex justify-between gap-6 text-ink-11">
          <span>period before</span>
          <span>{bucket.previousText}</span>
        </p>
      )}
    </PlotTip>
  )
}
