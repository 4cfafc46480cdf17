import { queryOptions } from "@tanstack/react-query"
import { getJson, sendJson, withQuery } from "@/components/data/http"
import type { PeriodDetail, PeriodInput } from "@/lib/contracts/periods"

const PERIODS = "/api/v1/periods"
const search = (project: string | null) => new URLSearchParams(project === null ? {} : { project }).toString()

/** Whether a month of the project is closed. Under `reports`, so that the stream's word of new spend refreshes it too. */
export const periodQuery = (project: string | null, month: string) =>
  queryOptions({
    queryKey: ["reports", "period", project, month],
    queryFn: ({ signal }) => getJson<PeriodDetail>(withQuery(`${PERIODS}/${month}`, search(project)), signal),
  })

export const changePeriod = (project: string | null, change: PeriodInput) =>
  sendJson<PeriodDetail>("POST", withQuery(PERIODS, search(project)), change)
