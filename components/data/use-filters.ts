"use client"

import { usePathname } from "next/navigation"
import { useCallback, useMemo } from "react"
import { pageHref } from "@/components/data/href"
import { withQuery } from "@/components/data/http"
import { useAddress } from "@/components/data/use-address"
import { type Filters, type PageDefaults, parseFilters } from "@/lib/filters"

/** Parameters of a page that are no filters; they survive a change of filters. */
const PAGE_PARAMS = ["columns", "group", "month", "view"]

type FilterState = {
  filters: Filters
  /** Writes the change to the URL without asking the server for the page again: the queries fetch what is new. A change starts at the first page. */
  change: (change: Partial<Filters>) => void
  /** The address that a change leads to, for links. */
  hrefWith: (change: Partial<Filters>) => string
}

/** The URL is the state: nothing of it is kept elsewhere. */
export function useFilters(defaults: PageDefaults): FilterState {
  const [params, push] = useAddress()
  const path = usePathname()
  const filters = useMemo(() => parseFilters(params, defaults), [params, defaults])
  const hrefWith = useCallback(
    (change: Partial<Filters>) => {
      const kept: Record<string, string> = {}
      for (const name of PAGE_PARAMS) if (params.has(name)) kept[name] = params.get(name) ?? ""
      return pageHref(path, { ...filters, cursor: null, ...change }, defaults, kept)
    },
    [filters, params, path, defaults],
  )
  const change = useCallback((next: Partial<Filters>) => push(hrefWith(next)), [hrefWith, push])
  return { filters, change, hrefWith }
}

/** One parameter of the page that is no filter, such as the selected span. */
export function useParam(name: string): [string | null, (value: string | null) => void] {
  const [params, push] = useAddress()
  const set = useCallback(
    (value: string | null) => {
      const next = new URLSearchParams(params)
      if (value === null) next.delete(name)
      else next.set(name, value)
      next.sort()
      push(withQuery(window.location.pathname, next.toString()))
    },
    [params, name, push],
  )
  return [params.get(name), set]
}
