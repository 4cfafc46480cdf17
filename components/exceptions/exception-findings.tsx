"use client"

import { useQuery } from "@tanstack/react-query"
import { runControlQuery } from "@/components/data/acts"
import { traceHref } from "@/components/data/href"
import { checkId } from "@/components/data/href-run"
import { useScope } from "@/components/frame/project"
import { AccountList } from "@/components/ui/account-list"
import { Link } from "@/components/ui/link"
import { shortenMiddle } from "@/lib/format"
import { troublesOf } from "@/lib/run-account"

/**
 * What else was found in the latest run, each with the way to the span that shows it: an exception is named by the strongest alone.
 * @param said the reason above, which is not said again.
 */
export function ExceptionFindings({ run, said }: { run: string; said: string | null }) {
  const { slug } = useScope()
  const { data } = useQuery(runControlQuery(slug, run))
  const all = data ? troublesOf(data) : []
  const troubles = all.filter(({ text, span }) => text !== said || span !== null)
  if (troubles.length === 0) return null
  return (
    <section aria-label="What was found in its latest run" className="exception-findings">
      <h2 className="text-label text-ink-11">
        {troubles.length < all.length ? "Also found" : "Found"} in run {shortenMiddle(run, 22)}
      </h2>
      <AccountList
        troubles={troubles}
        where={({ span, check, rule }) => (
          <Link
            href={`${traceHref(slug, run, span ?? undefined)}${check === null ? "" : `#${checkId(check)}`}`}
            className="link whitespace-nowrap"
            prefetch={false}
          >
            Show the {check !== null ? "check" : span !== null ? "span" : "run"}
            <span className="sr-only"> of {rule}</span>
          </Link>
        )}
      />
    </section>
  )
}
