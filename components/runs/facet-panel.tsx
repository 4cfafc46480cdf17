"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { facetFindQuery, facetsQuery } from "@/components/data/facets"
import { chosenOf, facetLabel, facetLight, facetWord, withChoice } from "@/components/runs/facet-words"
import { useSeenFacets } from "@/components/runs/seen-facets"
import { LightShape } from "@/components/ui/light"
import { Failure, Skeleton } from "@/components/ui/panel"
import type { Facet, Facets } from "@/lib/contracts/facets"
import type { Filters } from "@/lib/filters"
import { formatCount, plural } from "@/lib/format"

type Change = (change: Partial<Filters>) => void
/** Values in sight before a facet is opened. */
const FIRST = 6

/** What the runs of the range can be narrowed by, each value with the number that it would leave. */
export function FacetPanel({ filters, change }: { filters: Filters; change: Change }) {
  const query = useQuery(facetsQuery(filters))
  if (!query.data)
    return query.error ? (
      <Failure what="Filters" error={query.error} retry={() => void query.refetch()} />
    ) : (
      <Skeleton rows={14} />
    )
  return <FacetGroups query={query} answer={query.data} filters={filters} change={change} />
}

type GroupsProps = {
  query: { isPlaceholderData: boolean; isFetching: boolean }
  answer: Facets
  filters: Filters
  change: Change
}

function FacetGroups({ query, answer, filters, change }: GroupsProps) {
  const seen = useSeenFacets(filters, answer.facets, query.isPlaceholderData)
  const facets = seen.filter((facet) => isWorthShowing(facet, filters))
  if (facets.length === 0)
    return <p className="p-3 text-table text-ink-11">Filters appear with the first run of the range.</p>
  return (
    <div className={query.isPlaceholderData ? "opacity-60" : undefined} aria-busy={query.isFetching}>
      {facets.map((facet) => (
        <FacetGroup key={facet.name} facet={facet} filters={filters} change={change} />
      ))}
    </div>
  )
}

/** A facet of which the events say nothing narrows nothing. */
const isWorthShowing = (facet: Facet, filters: Filters) =>
  chosenOf(filters, facet.name).length > 0 || facet.values.some(({ value }) => value !== null)

function FacetGroup({ facet, filters, change }: { facet: Facet; filters: Filters; change: Change }) {
  const [isOpen, setIsOpen] = useState(false)
  const [find, setFind] = useState("")
  const isFinding = isOpen && find !== ""
  const found = useQuery({ ...facetFindQuery(filters, facet.name, find), enabled: isFinding })
  const shown = isFinding ? found.data?.facets[0] : facet
  const values = shown?.values ?? []
  const chosen = chosenOf(filters, facet.name)
  const most = Math.max(1, ...values.map(({ count }) => count ?? 0))
  const inSight = isOpen ? values : values.filter(({ value }, i) => i < FIRST || chosen.includes(value))
  const hidden = facet.value_count - inSight.length
  const id = `facet-${facet.name}`
  return (
    <section aria-labelledby={id} className="facet">
      <h3 id={id} className="facet-head">
        {facetWord(facet.name)}
        {facet.unit === "calls" ? <span className="font-normal text-ink-10">, in calls</span> : null}
        {chosen.length > 0 ? (
          <button type="button" className="facet-clear" onClick={() => change(withChoice(filters, facet.name, []))}>
            clear
          </button>
        ) : null}
      </h3>
      {isOpen && facet.value_count > facet.values.length ? (
        <input
          type="search"
          className="field facet-find"
          aria-label={`Find a ${facet.name}`}
          placeholder={`Find among ${formatCount(facet.value_count)}`}
          value={find}
          onChange={(event) => setFind(event.target.value.slice(0, 200))}
        />
      ) : null}
      <ul>
        {inSight.map(({ value, count }) => {
          const isChosen = chosen.includes(value)
          const light = facetLight(facet.name, value)
          const label = facetLabel(facet.name, value)
          return (
            <li key={value ?? "~none"}>
              <button
                type="button"
                className="facet-value"
                aria-pressed={isChosen}
                data-none={count === 0}
                title={count === null ? label : `${label}: ${plural(count, facet.unit === "runs" ? "run" : "call")}`}
                onClick={() => change(withChoice(filters, facet.name, toggled(chosen, value)))}
              >
                <span className="facet-bar" style={{ width: `${((count ?? 0) / most) * 100}%` }} aria-hidden="true" />
                <span className="facet-box" aria-hidden="true" />
                {light ? <LightShape light={light} size={12} /> : null}
                <span className={`min-w-0 truncate ${value === null ? "text-ink-10" : ""}`}>{label}</span>
                <span className="facet-count">{count === null ? "" : formatCount(count)}</span>
              </button>
            </li>
          )
        })}
      </ul>
      {isFinding && found.data && values.length === 0 ? <p className="facet-note">None holds this text.</p> : null}
      {isOpen && !isFinding && hidden > 0 ? (
        <p className="facet-note">and {formatCount(hidden)} more: find them by name</p>
      ) : null}
      {hidden > 0 || isOpen ? (
        <button type="button" className="facet-more" onClick={() => setIsOpen(!isOpen)} aria-expanded={isOpen}>
          {isOpen ? "Fewer" : `${formatCount(hidden)} more`}
        </button>
      ) : null}
    </section>
  )
}

const toggled = (chosen: readonly (string | null)[], value: string | null): (string | null)[] =>
  chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]
