import type { VerificationSeries } from "@/lib/contracts/read"
import { formatCount, formatShare, plural } from "@/lib/format"

/** The first line of Verifications: how many failed or broke, and which check most. */
export function verificationsSentence({ checks }: Pick<VerificationSeries, "checks">): string {
  const sum = (of: (check: VerificationSeries["checks"][number]) => number) =>
    checks.reduce((all, check) => all + of(check), 0)
  const [passed, failed, broke] = [sum((c) => c.passed), sum((c) => c.failed), sum((c) => c.error)]
  if (checks.length === 0) return "Nothing was verified in this range."
  if (failed + broke === 0) return `All ${plural(passed, "verification")} with a verdict passed.`
  const worst = checks.toSorted((a, b) => b.failed + b.error - (a.failed + a.error))[0]
  const share = formatShare(passed, passed + failed)
  const parts = [`${plural(failed, "verification")} failed`]
  if (broke > 0) parts.push(`${formatCount(broke)} broke`)
  const rest = share === null ? "" : `; ${share} passed`
  return `${parts.join(", ")}${rest}. Most: ${worst?.check} (${formatCount((worst?.failed ?? 0) + (worst?.error ?? 0))}).`
}
