import type { ReleaseHistory, VerificationSeries } from "@/lib/contracts/verifications"
import { formatCount, formatShare, plural } from "@/lib/format"

/** The first line of Verifications: how many failed of how many that gave a verdict. */
export function verificationsSentence({ total }: Pick<VerificationSeries, "total">): string {
  const judged = total.passed + total.failed
  if (judged === 0)
    return total.error + total.skipped === 0
      ? `Nothing was verified in this range.`
      : `No check gave a verdict: ${plural(total.error + total.skipped, "check")} could not verify.`
  if (total.failed === 0)
    return judged === 1
      ? `The one verification with a verdict passed.`
      : `All ${formatCount(judged)} verifications with a verdict passed.`
  return `${formatCount(total.failed)} of ${plural(judged, "verification")} failed; ${formatShare(total.passed, judged)} passed.`
}

/** "row_count_check fell from 98.1 % (540) to 89.9 % (348) with release 4.0.0"; null where nothing fell by more than chance. */
export function dropSentence({ check, workflow, releases, drop }: ReleaseHistory): string | null {
  if (drop === null) return null
  const [from, to] = [drop.from, drop.to].map((name) => releases.find(({ release }) => release === name))
  if (!from || !to) return null
  const share = ({ passed, failed }: typeof from) =>
    `${formatShare(passed, passed + failed)} (${formatCount(passed + failed)})`
  const of = workflow === null ? "" : ` of ${workflow}`
  return `${check} fell from ${share(from)} to ${share(to)} with release ${drop.to}${of}.`
}
