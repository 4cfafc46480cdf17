import { withQuery } from "@/components/data/http"

/** Two runs side by side: `a` is what `b` is held against. */
export function compareHref(project: string | null, a: string, b: string): string {
  const query = new URLSearchParams({ a, b, ...(project === null ? {} : { project }) })
  query.sort()
  return withQuery("/runs/compare", query.toString())
}
