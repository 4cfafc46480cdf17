import { withQuery } from "@/components/data/http"

/** The address that shows two runs side by side. */
export function compareHref(project: string | null, a: string, b: string): string {
  const query = new URLSearchParams({ a, b })
  if (project !== null) query.set("project", project)
  return withQuery("/runs/compare", query.toString())
}
