"use client"

import { usePathname, useSearchParams } from "next/navigation"
import { inProject, withQuery } from "@/components/data/http"
import { defaultLast } from "@/components/frame/pages"
import { useScope } from "@/components/frame/project"
import { useClock } from "@/components/ui/clock"
import { Link } from "@/components/ui/link"
import { Failure, type PanelQuery } from "@/components/ui/panel"
import type { DataQuality } from "@/lib/contracts/read"
import { formatAgo, formatCount, formatExact, formatShare } from "@/lib/format"

/** How far the figures above can be trusted: what came in, what was refused, what has no price. */
/** @param href where the calls are whose reported cost is more than 2 % off what we compute, in the range of the page. */
export function QualityStrip({ query, href = null }: { query: PanelQuery<DataQuality>; href?: string | null }) {
  const { now, zone } = useClock()
  const { slug } = useScope()
  const params = useSearchParams()
  const path = usePathname()
  const data = query.data
  if (!data)
    return (
      <section className="panel min-h-16 px-4 py-3" aria-label="Data quality">
        {query.error ? (
          <Failure what="Data quality" error={query.error} retry={() => void query.refetch()} />
        ) : (
          <div className="skeleton h-5 w-1/2" />
        )}
      </section>
    )
  const warnings = inProject("/settings/ingest", slug)
  const bySource = withQuery("/settings/quality", sameRange(params, path).toString())
  const at = data.last_event_at
  return (
    <section className="panel px-4 py-3" aria-label="Data quality">
      <dl className="flex flex-wrap gap-x-8 gap-y-2 text-label">
        <Fact term="Last event">
          {at === null ? (
            "none yet"
          ) : (
            <time className="inline-block min-w-28" dateTime={at} title={formatExact(at, zone)}>
              {formatAgo(at, now)}
            </time>
          )}
        </Fact>
        <Fact term="Taken">{formatCount(data.accepted)}</Fact>
        <Fact term="Duplicates dropped">{formatCount(data.duplicates)}</Fact>
        <Fact term="Rejected" isBad={data.rejected > 0} href={warnings}>
          {formatCount(data.rejected)}
        </Fact>
        <Fact term="Conflicts" isBad={data.conflicts > 0} href={warnings}>
          {formatCount(data.conflicts)}
        </Fact>
        <Fact term="Text cleaned">{formatCount(data.sanitized)}</Fact>
        <Fact term="Calls without price" isBad={data.unpriced_calls > 0}>
          {formatShare(data.unpriced_calls, data.calls) ?? "no calls"}
        </Fact>
        {data.differing_calls > 0 ? (
          <Fact term="Reported cost is off" isBad {...(href === null ? {} : { href })}>
            {formatCount(data.differing_calls)}
          </Fact>
        ) : null}
        <div className="ml-auto">
          <dt className="sr-only">More</dt>
          <dd>
            <Link
              className="link flex items-center text-ink-11 pointer-coarse:min-h-11"
              href={bySource}
              prefetch={false}
            >
              By source
            </Link>
          </dd>
        </div>
      </dl>
    </section>
  )
}

/** The project, range and zone of the page, for another page that has a range of its own when it is told none. */
function sameRange(params: URLSearchParams, path: string): URLSearchParams {
  const kept = new URLSearchParams()
  for (const name of ["from", "last", "project", "to", "tz"])
    if (params.has(name)) kept.set(name, params.get(name) ?? "")
  const last = defaultLast(path)
  if (last !== null && !kept.has("last") && !kept.has("from")) kept.set("last", last)
  kept.sort()
  return kept
}

type FactProps = { term: string; children: React.ReactNode; isBad?: boolean; href?: string }

function Fact({ term, children, isBad = false, href }: FactProps) {
  return (
    <div className="flex items-baseline gap-2">
      <dt className="text-ink-10">{term}</dt>
      <dd className={isBad ? "font-strong text-alarm" : "text-ink-12"}>
        {isBad && href ? (
          <Link className="link" href={href}>
            {children}
          </Link>
        ) : (
          children
        )}
      </dd>
    </div>
  )
}
