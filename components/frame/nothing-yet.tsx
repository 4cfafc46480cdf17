"use client"

import { useQuery } from "@tanstack/react-query"
import { pageHref } from "@/components/data/href"
import { qualityQuery } from "@/components/data/quality"
import { Link } from "@/components/ui/link"
import { DEFAULT_FILTERS, type Filters } from "@/lib/filters"

type NothingYetProps = {
  filters: Filters
  /** Said when nothing has ever come: what will be here. */
  coming: string
  /** Said when only this range is empty. */
  none: string
}

/** Why a panel is empty though nothing narrows it: nothing has ever come, or not in this range. */
export function NothingYet({ filters, coming, none }: NothingYetProps) {
  const quality = useQuery(qualityQuery(filters))
  if (quality.data?.last_event_at !== null) return <p className="text-ink-11">{none} Another range may have some.</p>
  return (
    <>
      <p className="text-ink-11">{coming}</p>
      <Link className="button" href={pageHref("/", { ...DEFAULT_FILTERS, project: filters.project })}>
        Send the first event
      </Link>
    </>
  )
}
