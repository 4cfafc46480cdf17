import { queryOptions } from "@tanstack/react-query"
import { getJson, inProject } from "@/components/data/http"
import type { AlertsHealth } from "@/lib/contracts/alerts"

/** Apart from what the settings of alerts need: this much is on every page that somebody is called to. */
const EVERY_MS = 15_000

/** Which channels do not tell anybody anything: for everybody who relies on them. */
export const alertsHealthQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["alerts", "health", project],
    queryFn: ({ signal }) => getJson<AlertsHealth>(inProject("/api/v1/alerts/health", project), signal),
    staleTime: EVERY_MS,
    refetchInterval: 2 * EVERY_MS,
  })

export function alertsHref(project: string | null, more: Record<string, string> = {}): string {
  return inProject("/settings/alerts", project, more)
}
