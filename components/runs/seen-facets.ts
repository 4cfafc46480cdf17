import { useState } from "react"
import type { Facet } from "@/lib/contracts/facets"
import { type Filters, toQuery } from "@/lib/filters"

/** Values kept of one facet, so that a page that stays open for days does not grow without end. */
const KEPT = 200

/**
 * What was seen stays where it was seen: a value that a choice leaves nothing of counts 0, a new one comes last. So the lists above the pointer
 * never shrink under it, and a second press hits what the first did.
 */
export function keepSeen(seen: readonly Facet[], now: readonly Facet[]): Facet[] {
  const known = new Set(seen.map(({ name }) => name))
  return [
    ...seen.map((before) => {
      const facet = now.find(({ name }) => name === before.name)
      return facet ? keepValues(before, facet) : { ...before, values: before.values.map(({ value }) => none(value)) }
    }),
    ...now.filter(({ name }) => !known.has(name)),
  ]
}

const none = (value: string | null) => ({ value, count: 0 })

function keepValues(before: Facet, facet: Facet): Facet {
  const now = new Map(facet.values.map((one) => [one.value, one]))
  const known = new Set(before.values.map(({ value }) => value))
  // A list that is cut short may only have left a value out: how many it has is then not known, not none.
  const isWhole = facet.values.length >= facet.value_count
  const kept = before.values.map(({ value }) => now.get(value) ?? (isWhole ? none(value) : { value, count: null }))
  const values = [...kept, ...facet.values.filter(({ value }) => !known.has(value))].slice(
    0,
    Math.max(KEPT, kept.length),
  )
  return { ...facet, values, value_count: Math.max(facet.value_count, values.length) }
}

/** What the runs in view are of: within it, values keep their place. */
const placeOf = (filters: Filters): string =>
  toQuery({
    ...filters,
    cursor: null,
    sort: "newest",
    limit: null,
    q: null,
    status: [],
    proof: [],
    check: [],
    dimensions: {},
  })

/** @param isStale while the facets are still those of the question before. */
export function useSeenFacets(filters: Filters, facets: readonly Facet[], isStale: boolean): readonly Facet[] {
  const place = placeOf(filters)
  const [seen, setSeen] = useState({ place, from: facets, facets })
  if (isStale || (seen.place === place && seen.from === facets)) return seen.facets
  const next = { place, from: facets, facets: seen.place === place ? keepSeen(seen.facets, facets) : facets }
  setSeen(next)
  return next.facets
}
