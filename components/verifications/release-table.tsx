"use client"

import { LightShape } from "@/components/ui/light"
import { FigureLink } from "@/components/verifications/figure-link"
import { JUDGED, narrowTo, resultsHref } from "@/components/verifications/links"
import type { ReleaseHistories, ReleaseHistory } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import { formatShare, plural } from "@/lib/format"

/** How each check fared from release to release, in order; the worst fall is said in words. */
export function ReleaseTable({ histories, filters }: { histories: ReleaseHistories; filters: Filters }) {
  const left = histories.history_count - histories.items.length
  return (
    <>
      <ul className="release-list">
        {histories.items.map((history) => (
          <li key={JSON.stringify([history.check, history.workflow])}>
            <p className="flex min-w-0 flex-wrap gap-x-2">
              <bdi className="max-w-full truncate" title={history.check}>
                {history.check}
              </bdi>
              <bdi className="max-w-full truncate text-ink-10" title={history.workflow ?? undefined}>
                {history.workflow ?? "no workflow"}
              </bdi>
            </p>
            <Steps history={history} filters={filters} />
            {history.drop ? (
              <p className="release-drop">
                <LightShape light="alarm" />{" "}
                <span className="text-alarm">
                  Fell by {history.drop.points.toFixed(1)} points with release <bdi>{history.drop.to}</bdi>,
                </span>{" "}
                <span className="text-ink-10">
                  between {history.drop.low.toFixed(1)} and {history.drop.high.toFixed(1)} with 95 % confidence.
                </span>
              </p>
            ) : null}
          </li>
        ))}
      </ul>
      <p className="border-t border-line px-4 py-2 text-label text-ink-10">
        {histories.compared === 0
          ? "No release has 20 results with a verdict on both sides of it: nothing is compared."
          : `${plural(histories.compared, "change")} of release with at least 20 verdicts on both sides ${histories.compared === 1 ? "was" : "were"} compared; about one in 40 looks like a fall by chance.`}
        {left > 0 ? ` ${plural(left, "more pair")} of check and workflow not shown.` : ""}
        {histories.is_cut ? " Those with fewest failures were not looked at." : ""}
      </p>
    </>
  )
}

function Steps({ history, filters }: { history: ReleaseHistory; filters: Filters }) {
  const own = narrowTo(narrowTo(filters, "check", history.check), "workflow", history.workflow)
  return (
    <ol className="release-steps" aria-label={`Releases of ${history.check}`}>
      {history.releases.map((release) => {
        const judged = release.passed + release.failed
        const isFall = history.drop !== null && history.drop.to === release.release
        return (
          <li key={JSON.stringify(release.release)} data-fall={isFall || undefined}>
            <bdi className="max-w-40 truncate text-ink-10" title={release.release ?? undefined}>
              {release.release ?? "no release"}
            </bdi>
            <span>
              {formatShare(release.passed, judged) ?? "no verdict"}{" "}
              <span className="text-ink-10">
                of{" "}
                <FigureLink
                  value={judged}
                  href={resultsHref(narrowTo(own, "release", release.release), JUDGED)}
                  what={`results of ${history.check} with release ${release.release ?? "none"}`}
                />
              </span>
            </span>
          </li>
        )
      })}
    </ol>
  )
}
