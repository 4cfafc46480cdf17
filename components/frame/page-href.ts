import { withQuery } from "@/components/data/http"
import { defaultLast } from "@/components/frame/pages"

/** What goes along from page to page; filters do not, because they mean other things elsewhere. */
const ALWAYS = ["project", "tz"]
const RANGE = ["last", "from", "to"]

/** The address of a page as the frame links to it: same project and zone, and the same range where both pages have one. */
export function pageHrefFrom(here: string, params: URLSearchParams, path: string): string {
  const both = defaultLast(here) !== null && defaultLast(path) !== null
  const kept = new URLSearchParams()
  for (const name of both ? [...ALWAYS, ...RANGE] : ALWAYS) {
    const value = params.get(name)
    if (value) kept.set(name, value)
  }
  kept.sort()
  return withQuery(path, kept.toString())
}
