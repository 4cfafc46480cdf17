import { withQuery } from "@/components/data/http"

/** Two runs side by side: `a` is what `b` is held against. */
export function compareHref(project: string | null, a: string, b: string): string {
  const query = new URLSearchParams({ a, b, ...(project === null ? {} : { project }) })
  query.sort()
  return withQuery("/runs/compare", query.toString())
}

/** Where a check stands on the page of its run; a name may hold anything. */
export const checkId = (check: string): string => `check-${encodeURIComponent(check)}`

/** Where a declared step stands in the plan of its run. */
export const stepId = (step: string): string => `step-${encodeURIComponent(step)}`
