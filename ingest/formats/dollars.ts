import type { Draft } from "./otlp/spans"

/**
 * The conventions name costs in dollars. In a project that counts in another currency such a cost is no amount of it: it stays among the attributes, where
 * it came from, and a flag says so; the call costs what its tokens do by the project's own prices, else it has no price.
 */
export function inCurrency(draft: Draft, currency: string): Draft {
  if (currency === "USD" || draft.cost === undefined) return draft
  const source = (draft.source ?? {}) as { flags?: string[] }
  const flagged = { ...source, flags: [...(source.flags ?? []), "cost_in_dollars"] }
  // In the order of the names, as it is stored.
  const names = Object.entries(flagged).sort(([a], [b]) => (a < b ? -1 : 1))
  return { ...draft, cost: undefined, source: Object.fromEntries(names) }
}
