import type { FacetName } from "@/lib/contracts/facets"
import { DIMENSION_WORDS, valueLabel } from "@/lib/dimension-words"
import type { Filters } from "@/lib/filters"
import { type LightName, PROOF_LIGHT } from "@/lib/lights"
import { PROOFS, RUN_STATUSES } from "@/lib/vocabulary"

export function facetWord(name: FacetName): string {
  const word = name === "status" || name === "proof" ? name : DIMENSION_WORDS[name].one
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}

export function facetLabel(name: FacetName, value: string | null): string {
  return name === "status" || name === "proof" ? (value ?? "none") : valueLabel(name, value)
}

const STATUS_LIGHT: Partial<Record<string, LightName>> = {
  running: "running",
  waiting: "running",
  halting: "halted",
  halted: "halted",
  failed: "failed",
}

/** A succeeded run has no light of its own: what it proved decides. */
export function facetLight(name: FacetName, value: string | null): LightName | null {
  if (value === null) return null
  if (name === "status") return STATUS_LIGHT[value] ?? "silent"
  const proof = name === "proof" ? PROOFS.find((word) => word === value) : undefined
  return proof === undefined ? null : PROOF_LIGHT[proof]
}

export function chosenOf(filters: Filters, name: FacetName): readonly (string | null)[] {
  return name === "status" || name === "proof" ? filters[name] : (filters.dimensions[name] ?? [])
}

/** The change that makes these the chosen values; none of them means that the facet does not narrow. */
export function withChoice(filters: Filters, name: FacetName, values: readonly (string | null)[]): Partial<Filters> {
  if (name === "status") return { status: RUN_STATUSES.filter((word) => values.includes(word)) }
  if (name === "proof") return { proof: PROOFS.filter((word) => values.includes(word)) }
  const dimensions = { ...filters.dimensions }
  if (values.length === 0) delete dimensions[name]
  else dimensions[name] = [...values]
  return { dimensions }
}

/** How many values narrow the list, a search among them. */
export function choicesIn(filters: Filters): number {
  const dimensions = Object.values(filters.dimensions).reduce((sum, values) => sum + values.length, 0)
  return filters.status.length + filters.proof.length + filters.check.length + dimensions + (filters.q === null ? 0 : 1)
}

/** Takes every narrowing back; range, zone and order stay. */
export const UNNARROWED: Partial<Filters> = { status: [], proof: [], check: [], dimensions: {}, q: null }
