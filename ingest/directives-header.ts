import type { Told } from "@/policy/apply-directives"

/** What most servers and proxies let through in a line of a header, with room for the others. */
const MOST_BYTES = 2_000

/**
 * What an answer tells its sender of runs that are to stop, where the format has no place for it in the body: a structured list (RFC 8941), one item a run,
 * such as `halt;run="r1";rule="T10";step="load"`. Values are percent-encoded. What does not fit is counted. Empty when there is nothing to tell.
 */
export function directivesHeader(told: readonly Told[]): Record<string, string> {
  const items: string[] = []
  let bytes = 0
  for (const { action, run, rule, step } of told) {
    const named = Object.entries({ run, rule, step }).filter(([, value]) => value !== null && value !== "")
    const item = [action, ...named.map(([name, value]) => `${name}="${encoded(String(value))}"`)].join(";")
    if (bytes + item.length > MOST_BYTES) continue
    items.push(item)
    bytes += item.length + 2
  }
  const left = told.length - items.length
  return {
    ...(items.length > 0 ? { "andon-directives": items.join(", ") } : {}),
    ...(left > 0 ? { "andon-directives-left-out": String(left) } : {}),
  }
}

/** Half of a pair of surrogates, which no encoding has, becomes the sign for what cannot be shown. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())
