"use client"

import { FilterChips } from "@/components/frame/filter-chips"
import { formWords, reasonWords } from "@/components/settings/quality-words"
import { Chip } from "@/components/ui/chip"
import type { Filters } from "@/lib/filters"

export const WIDE: Partial<Filters> = { code: null, door: null, dimensions: {} }

export const isNarrowed = ({ code, door, dimensions }: Filters): boolean =>
  code !== null || door !== null || dimensions.key !== undefined

type Props = { filters: Filters; change: (change: Partial<Filters>) => void }

/** What narrows the list, each with a button that takes it away. */
export function LetterChips({ filters, change }: Props) {
  if (!isNarrowed(filters)) return null
  const { code, door } = filters
  return (
    <div className="flex flex-wrap items-center gap-2">
      {code === null ? null : <Chip text={`reason: ${reasonWords(code)}`} remove={() => change({ code: null })} />}
      {door === null ? null : <Chip text={`came as: ${formWords(door)}`} remove={() => change({ door: null })} />}
      <FilterChips filters={filters} change={change} />
      <button type="button" className="button button-quiet" onClick={() => change(WIDE)}>
        Show all
      </button>
    </div>
  )
}
