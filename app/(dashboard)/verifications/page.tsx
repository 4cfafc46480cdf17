import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { VERIFICATIONS_DEFAULTS } from "@/components/data/defaults"
import {
  failureFilters,
  failureQuery,
  failuresQuery,
  foreignTo,
  GROUP_SHOWN,
  listFilters,
  releaseFilters,
  releasesQuery,
  seriesFilters,
  uncheckedFilters,
  uncheckedQuery,
  verificationQuery,
  verificationSeriesQuery,
  verificationsQuery,
} from "@/components/data/verifications"
import { VerificationsView } from "@/components/verifications/verifications-view"
import { getHealth } from "@/db/queries/health"
import { getVerification } from "@/db/queries/verification"
import { listFailureGroups, listFailures } from "@/db/queries/verification-failures"
import { listReleaseHistories } from "@/db/queries/verification-releases"
import { getVerificationSeries } from "@/db/queries/verification-series"
import { listVerifications } from "@/db/queries/verifications"

export const metadata: Metadata = { title: "Verifications" }

export default function VerificationsPage({ searchParams }: PageProps<"/verifications">) {
  const input = {
    path: "/verifications",
    searchParams,
    permission: "runs.read",
    defaults: VERIFICATIONS_DEFAULTS,
  } as const
  return openPage(input, async ({ client, filters, inProject, now, may }) => {
    const { group, result } = await searchParams
    if (foreignTo(filters).length > 0) return <VerificationsView />
    const withPayload = may("payload.read")
    const list = listFilters(filters)
    const series = seriesFilters(filters)
    const releases = releaseFilters(filters)
    const failures = failureFilters(filters)
    const opened = { ...failures, limit: GROUP_SHOWN }
    const unchecked = uncheckedFilters(filters)
    await Promise.all([
      client.prefetchQuery({
        ...verificationsQuery(list),
        queryFn: () => inProject((tx) => listVerifications(tx, list, now, { withPayload })),
      }),
      client.prefetchQuery({
        ...verificationSeriesQuery(series),
        queryFn: () => inProject((tx) => getVerificationSeries(tx, series, now)),
      }),
      client.prefetchQuery({
        ...releasesQuery(releases),
        queryFn: () => inProject((tx) => listReleaseHistories(tx, releases, now)),
      }),
      client.prefetchQuery({
        ...failuresQuery(failures),
        queryFn: () => inProject((tx) => listFailureGroups(tx, failures, now, { withPayload })),
      }),
      client.prefetchQuery({
        ...uncheckedQuery(unchecked),
        queryFn: () => inProject((tx) => getHealth(tx, unchecked, now)),
      }),
      typeof group === "string"
        ? client.prefetchQuery({
            ...failureQuery(opened, group),
            queryFn: () => inProject((tx) => listFailures(tx, group, opened, now, { withPayload })),
          })
        : null,
      typeof result === "string"
        ? client.prefetchQuery({
            ...verificationQuery(filters.project, result),
            queryFn: () => inProject((tx) => getVerification(tx, result, { withPayload })),
          })
        : null,
    ])
    return <VerificationsView />
  })
}
