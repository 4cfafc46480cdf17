"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { seriesFilters, verificationSeriesQuery } from "@/components/data/verifications"
import { FilterChips } from "@/components/frame/filter-chips"
import { Chip } from "@/components/ui/chip"
import { Choose } from "@/components/ui/choose"
import { Popover } from "@/components/ui/popover"
import type { VerificationSplit } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import { formatCount, plural } from "@/lib/format"
import { VERDICT_LIGHT } from "@/lib/lights"

type Change = (change: Partial<Filters>) => void
type Field = Exclude<VerificationSplit, "model">
const FIELDS: readonly (readonly [Field, string])[] = (
  ["check", "workflow", "release", "environment", "team", "customer"] as const
).map((field) => [field, field])

type FilterBarProps = { filters: Filters; change: Change }

/** The filters in force with a button on each, and a way to add one. */
export function FilterBar({ filters, change }: FilterBarProps) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Popover summary="Filter" label="Add a filter">
        {(close) => (
          <Values
            filters={filters}
            choose={(next) => {
              change(next)
              close()
            }}
          />
        )}
      </Popover>
      {filters.check.map((check) => (
        <Chip
          key={check}
          text={`check: ${check}`}
          remove={() => change({ check: filters.check.filter((other) => other !== check) })}
        />
      ))}
      {filters.outcome.map((outcome) => (
        <Chip
          key={outcome}
          text={VERDICT_LIGHT[outcome].word}
          remove={() => change({ outcome: filters.outcome.filter((other) => other !== outcome) })}
        />
      ))}
      <FilterChips filters={filters} change={change} />
    </div>
  )
}

/** The values that a field has under the filters in force, those with most failures first; asked for when the box opens. */
function Values({ filters, choose }: { filters: Filters; choose: (next: Partial<Filters>) => void }) {
  const [field, setField] = useState<Field>("check")
  const without = { ...filters.dimensions }
  delete without.model
  const asked = seriesFilters({ ...filters, dimensions: without, grain: null, by: field === "check" ? [] : [field] })
  const { data, error } = useQuery(verificationSeriesQuery(asked))
  const names = data?.groups.filter((group) => !group.is_other) ?? []
  return (
    <div className="verdict-filter">
      <div className="p-3">
        <Choose label="By" value={field} options={FIELDS} onChange={setField} />
      </div>
      {error ? <p className="p-3 text-ink-11">{error.message}</p> : null}
      <ul aria-label={`Values of ${field}`}>
        {data?.by === field
          ? names.map((group) => (
              <li key={JSON.stringify(group.name)}>
                <button
                  type="button"
                  className="menu-item flex items-center justify-between gap-3"
                  onClick={() => choose(narrowed(filters, field, group.name))}
                >
                  <span className="min-w-0 truncate" title={group.name ?? undefined}>
                    {group.name ?? `no ${field}`}
                  </span>
                  <span className="shrink-0 text-ink-10">
                    {formatCount(group.failed)} of {formatCount(group.passed + group.failed)} failed
                  </span>
                </button>
              </li>
            ))
          : null}
      </ul>
      {data && data.group_count > names.length ? (
        <p className="p-3 text-label text-ink-10">
          {plural(data.group_count - names.length, "more value")} with fewer failures.
        </p>
      ) : null}
    </div>
  )
}

function narrowed(filters: Filters, field: Field, name: string | null): Partial<Filters> {
  if (field === "check") return name === null ? {} : { check: [...new Set([...filters.check, name])].sort() }
  const values = [...new Set([...(filters.dimensions[field] ?? []), name])]
  return { dimensions: { ...filters.dimensions, [field]: values } }
}
