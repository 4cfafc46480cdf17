import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, withQuery } from "@/components/data/http"
import type { MonthReport } from "@/lib/contracts/reports"
import { type Filters, toQuery } from "@/lib/filters"
import { REPORT_DEFAULTS } from "@/lib/month"

const MONTH = "/api/v1/reports/month"

function monthQueryText(filters: Filters, month: string | null, more: Record<string, string> = {}): string {
  const query = new URLSearchParams(toQuery({ ...filters, cursor: null }, REPORT_DEFAULTS))
  if (month !== null) query.set("month", month)
  for (const [name, value] of Object.entries(more)) query.set(name, value)
  query.sort()
  return query.toString()
}

/** One month by one dimension; month null = the one that the server chooses. */
export const monthReportQuery = (filters: Filters, month: string | null) =>
  queryOptions({
    queryKey: ["reports", "month", monthQueryText(filters, month)],
    queryFn: ({ signal }) => getJson<MonthReport>(withQuery(MONTH, monthQueryText(filters, month)), signal),
    placeholderData: keepPreviousData,
  })

/** The file of exactly what the page shows: the month is named, so that it is that one whenever the link is followed. */
export const monthFileHref = (filters: Filters, month: string): string =>
  withQuery(MONTH, monthQueryText(filters, month, { format: "csv" }))
