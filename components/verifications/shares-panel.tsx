"use client"

import { useRouter } from "next/navigation"
import { useMemo, useState } from "react"
import { PassChart } from "@/components/charts/pass-chart"
import { type PassBucket, preparePassShare, verdicts } from "@/components/charts/prepare/pass-share"
import { useClock } from "@/components/ui/clock"
import { BucketTable } from "@/components/verifications/bucket-table"
import { bucketHref, JUDGED, NO_VERDICT, wholeBucketHref } from "@/components/verifications/links"
import { verificationsSentence } from "@/components/verifications/sentence"
import { SplitTable } from "@/components/verifications/split-table"
import type { ReleaseHistories, VerificationSeries } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import { formatCount, formatInstant, plural } from "@/lib/format"

type SharesProps = {
  series: VerificationSeries
  releases: ReleaseHistories | undefined
  filters: Filters
  isTable: boolean
  change: (change: Partial<Filters>) => void
}

/** The course of the share, and the counts that it is made of. */
export function Shares({ series, releases, filters, isTable, change }: SharesProps) {
  const { now } = useClock()
  const router = useRouter()
  const [lit, setLit] = useState<string | null>(null)
  const share = useMemo(() => preparePassShare(series, now, releases), [series, now, releases])
  const hrefOf = (bucket: PassBucket, id: string | null) => {
    const index = share.buckets.indexOf(bucket)
    const line = share.series.find((candidate) => candidate.id === id)
    if (!line) return wholeBucketHref(filters, series, index, JUDGED)
    const counts = bucket.counts[line.id]
    // Where all of a line's checks broke or were skipped, these are what there is to see.
    return bucketHref(filters, series, line.group, index, counts && verdicts(counts) === 0 ? NO_VERDICT : JUDGED)
  }
  return (
    <>
      {isTable ? (
        <BucketTable series={series} share={share} filters={filters} />
      ) : (
        <PassChart
          share={share}
          lit={lit}
          caption={`${verificationsSentence(series)} In ${plural(share.buckets.length, "bucket")}, zone ${series.tz}.`}
          onZoom={(from, to) =>
            change({ last: null, from: from < series.range.from ? series.range.from : from, to, grain: null })
          }
          onOpen={(bucket, id) => {
            const href = hrefOf(bucket, id)
            if (href !== null) router.push(href)
          }}
        />
      )}
      <p className="min-h-6 px-4 pb-2 text-label text-ink-10">{notesOf(series, share, now, isTable)}</p>
      <SplitTable series={series} share={share} filters={filters} light={setLit} />
    </>
  )
}

function notesOf(
  series: VerificationSeries,
  share: ReturnType<typeof preparePassShare>,
  now: number,
  isTable: boolean,
): string {
  const drawn = share.series.length
  const parts = [
    series.group_count > drawn ? `Drawn: the ${drawn} of ${formatCount(series.group_count)} with most failures.` : "",
    share.floor > 0 && !isTable ? `The scale begins at ${share.floor} %.` : "",
    share.gapCount > 0 ? `In ${plural(share.gapCount, "bucket")} nothing gave a verdict: a gap.` : "",
    series.by === "model" ? "A run that called several models counts for each of them." : "",
    series.part
      ? `By model the newest ${formatCount(series.part.read)} of ${formatCount(series.part.of)} results were looked into, those since ${formatInstant(series.part.since, series.tz, now)}.`
      : "",
    series.range.is_snapped ? "Range widened to whole quarter hours." : "",
  ]
  return parts.filter((part) => part !== "").join(" ")
}
