"use client"

import { useQuery } from "@tanstack/react-query"
import { pageHref } from "@/components/data/href"
import { qualityQuery } from "@/components/data/quality"
import { Link } from "@/components/ui/link"
import { DEFAULT_FILTERS, type Filters } from "@/lib/filters"

/** Why the list is empty though nothing narrows it: nothing has ever come, or not in this range. */
export function NoRuns({ filters }: { filters: Filters }) {
  const quality = useQuery(qualityQuery(filters))
  if (quality.data?.last_event_at !== null)
    return <p className="text-ink-11">No run started in this range. Another range may have some.</p>
  return (
    <>
      <p className="text-ink-11">
        Each run appears here with its proof and its cost as soon as its first event comes in.
      </p>
      <Link className="button" href={pageHref("/", { ...DEFAULT_FILTERS, project: filters.project })}>
        Send the first event
      </Link>
    </>
  )
}
