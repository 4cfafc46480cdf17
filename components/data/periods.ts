import { queryOptions } from "@tanstack/react-query"
import { getJson, inProject, sendJson } from "@/components/data/http"
import type { PeriodDetail, PeriodInput } from "@/lib/contracts/periods"

const PERIODS = "/api/v1/periods"

export const PERIODS_KEY = ["reports", "period"]

/** Whether a month of the project is closed. Under `reports`, so that the stream's word of new spend refreshes it too. */
export const periodQuery = (project: string | null, month: string) =>
  queryOptions({
    queryKey: [...PERIODS_KEY, project, month],
    queryFn: ({ signal }) => getJson<PeriodDetail>(inProject(`${PERIODS}/${month}`, project), signal),
  })

export const changePeriod = (project: string | null, change: PeriodInput) =>
  sendJson<PeriodDetail>("POST", inProject(PERIODS, project), change)
