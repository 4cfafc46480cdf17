import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { VERIFICATIONS_DEFAULTS } from "@/components/data/defaults"
import {
  failureFilters,
  failureQuery,
  resultsFilters,
  verificationQuery,
  verificationsQuery,
} from "@/components/data/verifications"
import { ResultsView } from "@/components/verifications/results-view"
import { getVerification } from "@/db/queries/verification"
import { listFailures } from "@/db/queries/verification-failures"
import { listVerifications } from "@/db/queries/verifications"

export const metadata: Metadata = { title: "Results of checks" }

export default function ResultsPage({ searchParams }: PageProps<"/verifications/results">) {
  const input = {
    path: "/verifications/results",
    searchParams,
    permission: "runs.read",
    defaults: VERIFICATIONS_DEFAULTS,
  } as const
  return openPage(input, async ({ client, filters, inProject, now, may }) => {
    const { group, result } = await searchParams
    const withPayload = may("payload.read")
    const list = resultsFilters(filters)
    const failures = { ...failureFilters(filters), cursor: filters.cursor }
    await Promise.all([
      typeof group === "string"
        ? client.prefetchQuery({
            ...failureQuery(failures, group),
            queryFn: () => inProject((tx) => listFailures(tx, group, failures, now, { withPayload })),
          })
        : client.prefetchQuery({
            ...verificationsQuery(list),
            queryFn: () => inProject((tx) => listVerifications(tx, list, now, { withPayload })),
          }),
      typeof result === "string"
        ? client.prefetchQuery({
            ...verificationQuery(filters.project, result),
            queryFn: () => inProject((tx) => getVerification(tx, result, { withPayload })),
          })
        : null,
    ])
    return <ResultsView />
  })
}
