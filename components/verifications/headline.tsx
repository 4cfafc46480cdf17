"use client"

import { useAsked } from "@/components/data/use-asked"
import { uncheckedFilters, uncheckedQuery } from "@/components/data/verifications"
import { LightShape } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { NO_VERDICT, narrowTo, resultsHref, totalHref, uncheckedHref } from "@/components/verifications/links"
import { dropSentence, verificationsSentence } from "@/components/verifications/sentence"
import type { ReleaseHistories, VerificationSeries } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import { plural } from "@/lib/format"

type HeadlineProps = {
  filters: Filters
  series: VerificationSeries | undefined
  releases: ReleaseHistories | undefined
}

/** The answer first, then what it leaves out: results without a verdict, runs without a check. */
export function Headline({ filters, series, releases }: HeadlineProps) {
  const unchecked = useAsked(uncheckedQuery(uncheckedFilters(filters)))
  const worst = releases?.items[0]
  const fall = worst ? dropSentence(worst) : null
  const lost = series ? series.total.error + series.total.skipped : 0
  const runs = unchecked.data?.totals.reduce((sum, { runs }) => sum + runs, 0) ?? 0
  return (
    <div className="flex flex-col gap-1">
      {series ? (
        <h1 className="text-title break-words">{verificationsSentence(series)}</h1>
      ) : (
        <div className="skeleton h-6 w-2/3" />
      )}
      <ul className="verdict-notes">
        {worst && fall ? (
          <li>
            <Link
              className="link text-alarm"
              href={resultsHref(
                narrowTo(
                  narrowTo(narrowTo(filters, "check", worst.check), "workflow", worst.workflow),
                  "release",
                  worst.drop?.to ?? null,
                ),
                ["failed"],
              )}
              prefetch={false}
            >
              <LightShape light="alarm" /> {fall}
            </Link>
          </li>
        ) : null}
        {series && lost > 0 ? (
          <li>
            <Link className="link" href={totalHref(filters, series, NO_VERDICT)} prefetch={false}>
              {plural(lost, "result")} could not verify
            </Link>{" "}
            and count in no share.
          </li>
        ) : null}
        {runs > 0 ? (
          <li>
            <Link className="link" href={uncheckedHref(filters)} prefetch={false}>
              {plural(runs, "run")}
            </Link>{" "}
            claimed success with no check declared.
          </li>
        ) : null}
      </ul>
    </div>
  )
}
