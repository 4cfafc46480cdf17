"use client"

import dynamic from "next/dynamic"
import { useRouter } from "next/navigation"
import { useMemo, useState } from "react"
import { preparePassShare } from "@/components/charts/prepare/pass-share"
import { useClock } from "@/components/ui/clock"
import { BucketTable } from "@/components/verifications/bucket-table"
import { bucketHref, JUDGED } from "@/components/verifications/links"
import { verificationsSentence } from "@/components/verifications/sentence"
import { SplitTable } from "@/components/verifications/split-table"
import type { ReleaseHistories, VerificationSeries } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import { formatCount, formatInstant, plural } from "@/lib/format"

const PassChart = dynamic(() => import("@/components/charts/pass-chart").then(({ PassChart }) => PassChart), {
  ssr: false,
  loading: () => <div style={{ height: 240 }} />,
})

type SharesProps = {
  series: VerificationSeries
  releases: ReleaseHistories | undefined
  filters: Filters
  isTable: boolean
}

/** The course of the share, and the counts that it is made of. */
export function Shares({ series, releases, filters, isTable }: SharesProps) {
  const { now } = useClock()
  const router = useRouter()
  const [lit, setLit] = useState<string | null>(null)
  const share = useMemo(() => preparePassShare(series, now, releases), [series, now, releases])
  return (
    <>
      {isTable ? (
        <BucketTable series={series} share={share} filters={filters} />
      ) : (
        <PassChart
          share={share}
          lit={lit}
          caption={verificationsSentence(series)}
          onOpen={(index, id) => {
            const line = share.lines.find((candidate) => candidate.id === id)
            const href = line ? bucketHref(filters, series, line.group, index, JUDGED) : null
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
  const drawn = share.lines.length
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
