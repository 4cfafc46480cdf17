"use client"

import { FilterChips } from "@/components/frame/filter-chips"
import { choicesIn, UNNARROWED } from "@/components/runs/facet-words"
import { Chip } from "@/components/ui/chip"
import type { Filters } from "@/lib/filters"

type Change = (change: Partial<Filters>) => void
type ChipInput = { text: string; without: Partial<Filters> }

/** Everything that narrows the list, each with a button that takes it away. */
export function RunChips({ filters, change }: { filters: Filters; change: Change }) {
  const { status, proof, check, q } = filters
  const chips: ChipInput[] = [
    ...(q === null ? [] : [{ text: `holds: ${q}`, without: { q: null } }]),
    ...status.map((word) => ({ text: `status: ${word}`, without: { status: status.filter((one) => one !== word) } })),
    ...proof.map((word) => ({ text: `proof: ${word}`, without: { proof: proof.filter((one) => one !== word) } })),
    ...check.map((name) => ({ text: `check: ${name}`, without: { check: check.filter((one) => one !== name) } })),
  ]
  if (choicesIn(filters) === 0) return null
  return (
    <div className="flex flex-wrap items-center gap-2">
      {chips.length > 0 ? (
        <ul className="flex flex-wrap gap-2" aria-label="Narrowed to">
          {chips.map(({ text, without }) => (
            <li key={text}>
              <Chip text={text} remove={() => change(without)} />
            </li>
          ))}
        </ul>
      ) : null}
      <FilterChips filters={filters} change={change} />
      <button type="button" className="button button-quiet" onClick={() => change(UNNARROWED)}>
        Clear all
      </button>
    </div>
  )
}
